import { Command } from 'commander';
import { ago, print, table } from '../output.ts';
import { connect, type TargetOptions, wholeNumber, withTarget } from '../target.ts';

interface Token {
  readonly id: number;
  readonly token: string;
  readonly name: string;
  readonly role: string;
  readonly expires_at: string;
  readonly refreshes: boolean;
  readonly expired: boolean;
  readonly last_accessed_at?: string;
  readonly last_accessed_ip?: string;
}

interface AddOptions extends TargetOptions {
  expires?: number;
  refreshes?: boolean;
  role?: string;
}

export function tokensView(tokens: readonly Token[]): string[] {
  if (tokens.length === 0) return ['No tokens'];
  const rows = tokens.map((one) => [
    String(one.id),
    one.name,
    one.role,
    one.token.slice(0, 6),
    one.expired ? 'over' : `${one.expires_at}${one.refreshes ? ', use extends it' : ''}`,
    one.last_accessed_at
      ? `${ago(Date.now() - Date.parse(one.last_accessed_at))} ago from ${one.last_accessed_ip}`
      : 'never',
  ]);
  return table(['id', 'name', 'role', 'begins', 'until', 'last use'], rows);
}

const list = withTarget(new Command('list').description('list tokens')).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<Token[]>('/access/tokens'), tokensView);
  },
);

const add = withTarget(new Command('add').description('make a token for the header api-token'))
  .argument('[name]', 'what it is for')
  .option('--expires <seconds>', '60 to 31536000; an hour if not given', wholeNumber)
  .option('--refreshes', 'use extends its life')
  .option('--role <role>', 'admin, operator or viewer; at most your own, which is the default')
  .action(async (name: string | undefined, options: AddOptions) => {
    const { expires, refreshes, role } = options;
    const client = await connect(options);
    const made = await client.post<Token>('/access/token', { name, expires, refreshes, role });
    print(options.json, made, ({ token }) => [...tokensView([made]), '', token, 'It is shown only now.']);
  });

const expire = withTarget(new Command('expire').description('end a token and keep it in the list'))
  .argument('<id>', undefined, wholeNumber)
  .action(async (id: number, options: TargetOptions) => {
    const client = await connect(options);
    print(options.json, await client.put<Token>(`/access/token/${id}`, { expired: true }), (one) =>
      tokensView([one]),
    );
  });

const remove = withTarget(new Command('delete').description('delete a token'))
  .argument('<id>', undefined, wholeNumber)
  .action(async (id: number, options: TargetOptions) => {
    print(options.json, await (await connect(options)).delete<string>(`/access/token/${id}`), (text) => text);
  });

export function tokenCommand(): Command {
  const command = new Command('token').description('tokens with which programs use the API');
  for (const verb of [list, add, expire, remove]) command.addCommand(verb);
  return command;
}

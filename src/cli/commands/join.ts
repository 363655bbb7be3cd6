import { Command } from 'commander';
import { CliError, ExitCode, UnreachableError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { print } from '../output.ts';
import { connect, controllerNumber, type TargetOptions, withTarget } from '../target.ts';

interface JoinOptions extends TargetOptions {
  new?: boolean;
  id?: number;
  address?: string;
}

interface JoinCode {
  readonly code: string;
  readonly id?: number;
  readonly expires_at?: string | number;
}

/** Progress of a join: `state` is `idle`, `running`, `done` or `failed`; `text` says it in words. */
interface JoinProgress {
  readonly state: string;
  readonly step?: string;
  readonly text?: string;
  readonly error?: string | { readonly message?: string };
  readonly id?: number | null;
}

async function follow(client: Client, tell: (text: string) => void): Promise<JoinProgress> {
  const deadline = Date.now() + 120_000;
  let told = '';
  for (;;) {
    const progress = await client
      .get<JoinProgress>('/mesh/join', { timeoutMs: 3_000 })
      .catch((error: unknown) => {
        if (error instanceof UnreachableError) return null; // the restart on the way
        throw error;
      });
    const words = progress?.text ?? progress?.step ?? '';
    if (words !== '' && words !== told) {
      tell(words);
      told = words;
    }
    if (progress?.state === 'done') return progress;
    if (progress?.state === 'failed') {
      const why = typeof progress.error === 'object' ? progress.error.message : progress.error;
      throw new CliError(`the join failed: ${why ?? (words || 'no reason given')}`, ExitCode.refused);
    }
    if (Date.now() > deadline)
      throw new CliError('the join has not ended after 120 s; `meshwright status` says more');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function issueCode(client: Client, options: JoinOptions): Promise<void> {
  const code = await client.post<JoinCode>(
    '/mesh/join-codes',
    options.id === undefined ? {} : { id: options.id },
  );
  print(options.json, code, (one) => [
    `On the new controller${one.id === undefined ? '' : ` (it becomes number ${one.id})`}:`,
    '',
    `  meshwright join ${one.code}`,
    '',
    'The code works once.',
  ]);
}

async function redeem(client: Client, code: string, options: JoinOptions): Promise<void> {
  await client.post('/mesh/join', {
    code,
    ...(options.address === undefined ? {} : { address: options.address }),
  });
  const tell = (text: string) => process.stderr.write(`${text}\n`);
  const end = await follow(client, options.json === true ? () => {} : tell);
  print(options.json, end, ({ id }) => `This is controller ${id ?? '?'} of the topology now.`);
}

export function joinCommand(): Command {
  return withTarget(
    new Command('join').description('join a topology with a code, or make a code for a new controller'),
  )
    .argument('[code]', 'the code that another controller made')
    .option(
      '--address <address>',
      'where the other controllers reach this one, when it is not its own address',
    )
    .option('--new', 'make a code, on a controller of the topology')
    .option('--id <id>', 'with --new: the id that the new controller shall have', controllerNumber)
    .action(async (code: string | undefined, options: JoinOptions) => {
      if ((code === undefined) !== (options.new === true)) {
        throw new CliError('give either a code, or --new to make one', ExitCode.usage);
      }
      const client = await connect(options);
      await (code === undefined ? issueCode(client, options) : redeem(client, code, options));
    });
}

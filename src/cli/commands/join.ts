import { Command } from 'commander';
import type { JoinProgress } from '../../mesh/joiner.ts';
import { CliError, ExitCode, UnreachableError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { print } from '../output.ts';
import { waitOverRestart } from '../restart.ts';
import { connect, controllerNumber, type TargetOptions, withTarget } from '../target.ts';

interface JoinOptions extends TargetOptions {
  new?: boolean;
  id?: number;
  address?: string;
  clientAddress?: string;
  replace?: boolean;
}

interface JoinCode {
  readonly code: string;
  readonly id: number;
  /** Unix milliseconds. */
  readonly expires_at: number;
}

const STEPS: Partial<Record<JoinProgress['state'], string>> = {
  redeeming: 'asking the other controller',
  installing: 'taking over keyset, licence and peers',
};

async function follow(client: Client, tell: (text: string) => void): Promise<JoinProgress> {
  const deadline = Date.now() + 120_000;
  let told: string | undefined;
  for (;;) {
    const progress = await client
      .get<JoinProgress>('/mesh/join', { timeoutMs: 3_000 })
      .catch((error: unknown) => {
        if (error instanceof UnreachableError) return null; // the restart at its end
        throw error;
      });
    const step = progress === null ? undefined : STEPS[progress.state];
    if (step !== undefined && step !== told) tell(step);
    told = step ?? told;
    if (progress?.state === 'joined') return progress;
    if (progress?.state === 'failed') {
      throw new CliError(
        `the join failed: ${progress.error?.message ?? 'no reason given'}`,
        ExitCode.refused,
      );
    }
    if (Date.now() > deadline)
      throw new CliError('the join has not ended after 120 s; `meshwright status` says more');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function issueCode(client: Client, options: JoinOptions): Promise<void> {
  const code = await client.post<JoinCode>('/mesh/join-codes', {
    id: options.id,
    replace: options.replace,
    address: options.address,
  });
  print(options.json, code, (one) => [
    `On the new controller${one.id === undefined ? '' : ` (it becomes number ${one.id})`}:`,
    '',
    `  meshwright join ${one.code}`,
    '',
    `The code works once, until ${new Date(one.expires_at).toISOString()}.`,
  ]);
}

async function redeem(client: Client, code: string, options: JoinOptions): Promise<void> {
  await client.post('/mesh/join', {
    code,
    ...(options.address === undefined ? {} : { address: options.address }),
    ...(options.clientAddress === undefined ? {} : { client_address: options.clientAddress }),
  });
  const tell = (text: string) => process.stderr.write(`${text}\n`);
  const end = await follow(client, options.json === true ? () => {} : tell);
  await waitOverRestart(client);
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
    .option(
      '--client-address <address>',
      'where overlay clients reach this controller: the address in their packs',
    )
    .option('--new', 'make a code, on a controller of the topology')
    .option('--id <id>', 'with --new: the id that the new controller shall have', controllerNumber)
    .option('--replace', 'with --new: the id belongs to a dead controller that is replaced')
    .action(async (code: string | undefined, options: JoinOptions) => {
      if ((code === undefined) !== (options.new === true)) {
        throw new CliError('give either a code, or --new to make one', ExitCode.usage);
      }
      if (options.new === true && options.id === undefined) {
        throw new CliError('--new needs --id: the id that the new controller shall have', ExitCode.usage);
      }
      const client = await connect(options);
      await (code === undefined ? issueCode(client, options) : redeem(client, code, options));
    });
}

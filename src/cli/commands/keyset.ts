import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { CliError, ExitCode, RefusedError, UnreachableError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { print } from '../output.ts';
import { waitUntilUp } from '../restart.ts';
import { askSecret } from '../secret.ts';
import { connect, readSecretFile, type TargetOptions, withTarget } from '../target.ts';

export interface KeysetStatus {
  readonly keyset_present?: boolean;
  readonly in_progress?: boolean;
  readonly checksum?: string;
  readonly created_at?: string;
}

interface TokenOptions extends TargetOptions {
  tokenFile?: string;
  topologyName?: string;
  sealed?: boolean;
}

/** The token never comes as an argument: every user of a machine can read the arguments of every process. */
function givenToken({ tokenFile }: TokenOptions): string | undefined {
  if (tokenFile !== undefined) return readSecretFile(tokenFile);
  return process.env.MESHWRIGHT_TOKEN || undefined;
}

const describe = (status: KeysetStatus): string => {
  if (status.keyset_present === true)
    return `Keyset present since ${status.created_at}, checksum ${status.checksum}`;
  return status.in_progress === true ? 'Keyset is being set up' : 'No keyset';
};

/** Why the last attempt ended, which the wire-compatible resource has no room for. */
async function reasonOf(client: Client): Promise<string> {
  const { failure } = await client.get<{ failure: { message: string } | null }>('/mesh/keyset');
  return failure
    ? `the attempt failed: ${failure.message}`
    : "the attempt failed; the controller's log says why";
}

/** Polls until the keyset is there. Rejects when the attempt ended without one. */
export async function waitForKeyset(client: Client, timeoutMs = 90_000): Promise<KeysetStatus> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const status = await client
      .get<KeysetStatus>('/keyset', { timeoutMs: 3_000 })
      .catch((error: unknown): KeysetStatus => {
        if (error instanceof UnreachableError) return { in_progress: true }; // the restart after a fetch
        if (error instanceof RefusedError && error.status === 403) return {};
        throw error;
      });
    if (status.keyset_present === true && status.in_progress !== true) return status;
    if (status.in_progress !== true) throw new CliError(await reasonOf(client), ExitCode.refused);
    if (Date.now() > deadline) throw new CliError(`no keyset after ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

const generate = withTarget(
  new Command('generate').description('make the keyset of a new topology, on its first controller'),
)
  .option('--token-file <file>', 'security token that other controllers fetch the keyset with')
  .option('--topology-name <name>', 'a name for the topology')
  .option('--sealed', 'the underlay has no way to the internet')
  .addHelpText(
    'after',
    '\nThe token may also come in MESHWRIGHT_TOKEN. Without one it is made up and printed.',
  )
  .action(async (options: TokenOptions) => {
    const client = await connect(options);
    const given = givenToken(options);
    const token = given ?? randomBytes(18).toString('base64url');
    await client.put('/keyset', {
      token,
      topology_name: options.topologyName,
      sealed_network: options.sealed,
    });
    const status = await waitForKeyset(client);
    const told = given === undefined ? { ...status, token } : status;
    print(options.json, told, () => [
      describe(status),
      ...(given === undefined ? [`Security token (needed to fetch it): ${token}`] : []),
    ]);
  });

const fetchKeyset = withTarget(
  new Command('fetch').description(
    'copy the keyset of a topology from one of its controllers; the API restarts',
  ),
)
  .argument('<source>', 'address of a controller that has the keyset')
  .option('--token-file <file>', 'the security token of the topology')
  .addHelpText('after', '\nThe token may also come in MESHWRIGHT_TOKEN; else you are asked for it.')
  .action(async (source: string, options: TokenOptions) => {
    const client = await connect(options);
    const token =
      givenToken(options) ?? (await askSecret('Security token', 'set MESHWRIGHT_TOKEN or give --token-file'));
    await client.put('/keyset', { token, source });
    const status = await waitForKeyset(client);
    await waitUntilUp(client);
    print(options.json, status, describe);
  });

const show = withTarget(new Command('show').description('show whether there is a keyset')).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<KeysetStatus>('/keyset'), describe);
  },
);

export function keysetCommand(): Command {
  const command = new Command('keyset').description(
    'the key material that all controllers of a topology share',
  );
  for (const verb of [generate, fetchKeyset, show]) command.addCommand(verb);
  return command;
}

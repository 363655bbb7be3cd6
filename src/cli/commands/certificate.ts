import { X509Certificate } from 'node:crypto';
import { Command } from 'commander';
import type { Job, Standing } from '../../api/resources/system-ssl.ts';
import { CliError, UnreachableError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { print } from '../output.ts';
import { connect, readInput, type TargetOptions, withTarget } from '../target.ts';

interface InstallOptions extends TargetOptions {
  cert: string;
  key: string;
  chain?: string;
}

const POLL_MS = 200;
const DEADLINE_MS = 60_000;

export function standingView(standing: Standing): string[] {
  const { state, self_signed, names, until, days_left, fingerprint } = standing;
  if (state === 'absent') return ['There is no certificate that can be read'];
  const day = until === null ? 'unknown' : new Date(until).toISOString().slice(0, 10);
  return [
    `issued by  ${self_signed ? 'this controller itself' : 'an authority'}`,
    `names      ${names.join(', ') || 'none'}`,
    `until      ${day}, ${state === 'over' ? 'it is over' : `${days_left} days left`}`,
    `SHA-256    ${fingerprint}`,
    ...(state === 'soon' ? ['It ends soon: install another one.'] : []),
  ];
}

/** The certificate's own file first, then those that lead to its authority. */
export function joinPem(cert: string, chain = ''): string {
  const texts = [cert, chain].map((text) => text.trim());
  return texts.filter((text) => text !== '').join('\n');
}

/** Who pins the certificate in use is refused by the next one, unless he knows that one, too. */
function renewed({ endpoint }: Client, cert: string): Client {
  if (endpoint.kind !== 'https' || endpoint.fingerprint === null) return new Client(endpoint);
  return new Client({ ...endpoint, fingerprint: new X509Certificate(cert).fingerprint256 });
}

/** Waits for the end of the job, whichever certificate serves meanwhile, and shows what is in use then. */
async function follow(job: Job, now: Client, next: Client, options: TargetOptions): Promise<void> {
  process.stderr.write(`${job.status}\n`);
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const path = `/system/ssl/install/${job.uuid}`;
    const { state, status } = await now.get<Job>(path).catch((error: unknown) => {
      if (error instanceof UnreachableError) return next.get<Job>(path);
      throw error;
    });
    if (state === 'done') break;
    if (state === 'failed') throw new CliError(status);
    if (Date.now() > deadline) throw new CliError(`it is not installed after ${DEADLINE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  print(options.json, await next.get<Standing>('/mesh/certificate'), standingView);
}

const show = withTarget(
  new Command('show').description('show the certificate of API and console, and how long it is good'),
).action(async (options: TargetOptions) => {
  print(options.json, await (await connect(options)).get<Standing>('/mesh/certificate'), standingView);
});

const install = withTarget(
  new Command('install').description('check a certificate of your own and install it'),
)
  .requiredOption(
    '--cert <file>',
    'the certificate in PEM; those that lead to its authority may follow in it',
  )
  .requiredOption('--key <file>', 'its private key in PEM, without a passphrase')
  .option('--chain <file>', 'the certificates that lead to its authority, if they are in a file of their own')
  .action(async (options: InstallOptions) => {
    const cert = joinPem(readInput(options.cert), options.chain && readInput(options.chain));
    const key = readInput(options.key);
    const client = await connect(options);
    await client.put('/system/ssl/keypair', { cert, key });
    const next = renewed(client, cert);
    await follow(await client.put<Job>('/system/ssl/install'), client, next, options);
  });

const selfSigned = withTarget(
  new Command('self-signed').description('go back to a certificate that the controller makes itself'),
).action(async (options: TargetOptions) => {
  const client = await connect(options);
  const job = await client.delete<Job>('/mesh/certificate');
  // Nobody knows the fingerprint of what is made only now, so who pins one cannot wait for it.
  if (options.url === undefined || options.fingerprint === undefined)
    return follow(job, client, client, options);
  print(options.json, job, ({ status }) => [
    status,
    'The fingerprint will be another one: `meshwright certificate show` on the machine itself tells it.',
  ]);
});

export function certificateCommand(): Command {
  const command = new Command('certificate').description('the HTTPS certificate of API and console');
  for (const verb of [show, install, selfSigned]) command.addCommand(verb);
  return command;
}

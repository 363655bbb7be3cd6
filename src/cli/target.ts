import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { CliError, ExitCode } from './cli-error.ts';
import { Client } from './client.ts';
import { httpsEndpoint, socketEndpoint } from './endpoint.ts';
import { askSecret } from './secret.ts';

/** Which controller a command talks to. */
export interface TargetOptions {
  url?: string;
  lab?: number;
  passwordFile?: string;
  fingerprint?: string;
  json?: boolean;
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is needed.');
  return Number(text);
}

export function controllerNumber(text: string): number {
  const id = wholeNumber(text);
  if (id < 1 || id > 10) throw new InvalidArgumentError('a controller has a number from 1 to 10.');
  return id;
}

/** Adds the options that say which controller is meant and how to print. */
export function withTarget(command: Command): Command {
  return command
    .option(
      '--url <address>',
      'a controller elsewhere, e.g. https://203.0.113.7 (default: the one on this machine)',
    )
    .option('--lab <id>', 'a controller of the lab that runs on this machine', controllerNumber)
    .option('--password-file <file>', 'API password for --url (else: MESHWRIGHT_PASSWORD, else a prompt)')
    .option('--fingerprint <sha256>', 'talk only to the controller whose certificate has this SHA-256')
    .option('--json', 'print what the API said as JSON');
}

export async function connect(options: TargetOptions): Promise<Client> {
  if (options.url !== undefined && options.lab !== undefined) {
    throw new CliError('--url and --lab name two controllers; give one of them', ExitCode.usage);
  }
  if (options.lab !== undefined) {
    // Only here: nobody who talks to a remote controller needs the lab's modules.
    const { Lab } = await import('../lab/lab.ts');
    return Lab.attach().api(options.lab);
  }
  if (options.url === undefined) return new Client(socketEndpoint());
  const password = await passwordFor(options);
  return new Client(httpsEndpoint(options.url, password, options.fingerprint ?? null));
}

async function passwordFor({ passwordFile }: TargetOptions): Promise<string> {
  if (passwordFile !== undefined) return readSecretFile(passwordFile);
  const fromEnvironment = process.env.MESHWRIGHT_PASSWORD;
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  return askSecret('API password', 'set MESHWRIGHT_PASSWORD or give --password-file');
}

/** The first line of a file; `-` is standard input. */
export function readSecretFile(path: string): string {
  return readInput(path).split(/\r?\n/)[0]!;
}

export function readInput(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

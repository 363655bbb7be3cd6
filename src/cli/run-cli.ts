import { CommanderError } from 'commander';
import { MeshwrightError } from '../errors/catalogue.ts';
import { CliError, ExitCode } from './cli-error.ts';
import { buildProgram } from './program.ts';

/** Runs one command line and says how the process has to end. Known failures are one line, without a stack. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? ExitCode.ok);
  } catch (error) {
    // Commander has printed its own message; help and version are no failures.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    process.stderr.write(`meshwright: ${wordsOf(error)}\n`);
    return error instanceof CliError ? error.exitCode : ExitCode.failure;
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof CliError || error instanceof MeshwrightError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return process.env.MESHWRIGHT_DEBUG ? (error.stack ?? error.message) : error.message;
}

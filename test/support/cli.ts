import { attempt, type Finished } from '../../src/lab/program.ts';
import { root } from '../../src/programs.ts';

/** Runs the command line as a process of its own, with what a caller adds to its environment. */
export function cli(argv: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  const env = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return attempt(
    [
      'env',
      ...env,
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      `${root}/src/cli/main.ts`,
      ...argv,
    ],
    { timeoutMs: 150_000 },
  );
}

/** The same for a command that must succeed and prints JSON. */
export async function cliJson<T>(
  argv: readonly string[],
  environment: Record<string, string> = {},
): Promise<T> {
  const { code, stdout, stderr } = await cli([...argv, '--json'], environment);
  if (code !== 0) throw new Error(`meshwright ${argv.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

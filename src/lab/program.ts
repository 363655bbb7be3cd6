import { execFile } from 'node:child_process';

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
}

export class ProgramError extends Error {
  readonly argv: readonly string[];
  readonly finished: Finished;

  constructor(argv: readonly string[], finished: Finished) {
    const words = finished.stderr.trim() || finished.stdout.trim() || 'no output';
    super(`${argv.join(' ')} ended with ${finished.code}: ${words}`);
    this.name = 'ProgramError';
    this.argv = argv;
    this.finished = finished;
  }
}

/** Runs a program to its end and reports how it ended, whatever that was. */
export function attempt(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(
      argv[0]!,
      argv.slice(1),
      { timeout: options.timeoutMs ?? 60_000, maxBuffer: 64 * 2 ** 20, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
        const reason = code === 127 && stderr === '' ? String(error?.message) : stderr;
        resolve({ code, stdout, stderr: reason });
      },
    );
    // A program that ends without reading its input is no error of ours.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/** Runs a program that has to succeed and returns what it printed. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const finished = await attempt(argv, options);
  if (finished.code !== 0) throw new ProgramError(argv, finished);
  return finished.stdout;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until `check` yields something, or gives up with the words of `what`. */
export async function until<T>(
  what: string,
  check: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  { timeoutMs = 10_000, everyMs = 50 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`gave up after ${Math.round(timeoutMs / 1000)} s: ${what}`);
    await sleep(everyMs);
  }
}

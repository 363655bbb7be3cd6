import { execFile } from 'node:child_process';

/**
 * The one place where the applier runs a program to its end. argv only: no shell ever sees a value.
 * Rejects with the program's own words when it fails or takes longer than `timeoutMs`. Exit codes in `answers` are no
 * failure.
 */
export function command(
  program: string,
  args: readonly string[],
  options: { input?: string; timeoutMs?: number; answers?: readonly number[] } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      { timeout: options.timeoutMs ?? 5000, maxBuffer: 32 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const isAnswer = typeof error?.code === 'number' && options.answers?.includes(error.code);
        if (error && !isAnswer)
          reject(new Error(`${program} ${args[0] ?? ''}: ${stderr.trim() || error.message}`));
        else resolve(stdout);
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

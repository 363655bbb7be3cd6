import { spawn } from 'node:child_process';
import { root } from '../programs.ts';

/** Runs a program of the repository with our terminal and returns its exit code. */
export function runInForeground(argv: readonly string[]): Promise<number> {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: 'inherit', cwd: root });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

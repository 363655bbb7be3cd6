import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** A program that runs in a namespace, restarted after it was killed as the unit of its package would do. */
export class Daemon {
  readonly #start: () => ChildProcess;
  #isAbandoned = false;

  constructor(namespace: string, argv: readonly string[], log: string, restartMs: number | null) {
    this.#start = () => {
      const file = openSync(log, 'a', 0o600);
      const enter = [`--net=/run/netns/${namespace}`, ...argv];
      const child = spawn('nsenter', enter, { cwd: '/', stdio: ['ignore', file, file] });
      closeSync(file);
      child.once('exit', () => {
        if (restartMs === null || this.#isAbandoned) return;
        setTimeout(() => this.#isAbandoned || this.#start(), restartMs);
      });
      return child;
    };
    this.#start();
  }

  /** It is not restarted any more; ending it is somebody else's work. */
  abandon(): void {
    this.#isAbandoned = true;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A program that stays for what it tells, and is started again when it ends. argv only, as with `command`. */
export class StandingProgram {
  readonly #argv: readonly [string, ...string[]];
  readonly #read: (output: Readable) => void;
  readonly #restartMs: number;
  #child: ChildProcess | null = null;
  #since = 0;
  #isWanted = false;

  /** `read` gets the output of each process that is started. */
  constructor(
    argv: readonly [string, ...string[]],
    read: (output: Readable) => void,
    { restartMs = 1000 } = {},
  ) {
    this.#argv = argv;
    this.#read = read;
    this.#restartMs = restartMs;
  }

  /** Since when the process runs that runs now, in ms of `performance.now()`; null while none does. */
  get runningSince(): number | null {
    return this.#child ? this.#since : null;
  }

  start(): void {
    this.#isWanted = true;
    if (!this.#child) this.#run();
  }

  stop(): void {
    this.#isWanted = false;
    const child = this.#child;
    this.#child = null;
    child?.kill();
  }

  /** Ends the process that runs now; another one follows. */
  restart(): void {
    this.#child?.kill();
  }

  #run(): void {
    const [program, ...args] = this.#argv;
    const child = spawn(program, args, { cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    this.#since = performance.now();
    this.#read(child.stdout);
    child.on('error', () => undefined);
    child.on('close', () => {
      if (this.#child !== child) return;
      this.#child = null;
      setTimeout(() => this.#isWanted && !this.#child && this.#run(), this.#restartMs).unref();
    });
  }
}

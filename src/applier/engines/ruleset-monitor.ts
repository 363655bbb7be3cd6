import { type ChildProcess, spawn } from 'node:child_process';

/** It says nothing when it has begun to listen. */
const LISTENS_AFTER_MS = 2000;
/** News may be lost when they come faster than they are read: so often we look without any. */
const LOOK_ANYWAY_MS = 60_000;

/**
 * Listens to the kernel's news of the packet filter, of everybody's rules. Listing them takes a program, some of them twice, and
 * it is asked every few seconds whether they still are what we wrote.
 */
export class RulesetMonitor {
  readonly #argv: readonly string[];
  #child: ChildProcess | null = null;
  #startedAt = 0;
  #news = 0;
  #stopped = false;

  constructor(argv: readonly string[] = ['nft', 'monitor']) {
    this.#argv = argv;
  }

  start(): void {
    if (this.#stopped) return;
    const [program, ...args] = this.#argv as [string, ...string[]];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    this.#startedAt = performance.now();
    child.stdout.on('data', () => this.#news++);
    child.on('error', () => undefined);
    child.on('close', () => {
      this.#child = null;
      setTimeout(() => this.start(), 1000).unref();
    });
  }

  /** What was seen before a look still holds while this is the same as then. Null: nobody listens, so look. */
  mark(): string | null {
    const now = performance.now();
    if (!this.#child || now - this.#startedAt < LISTENS_AFTER_MS) return null;
    return `${this.#startedAt} ${this.#news} ${Math.floor(now / LOOK_ANYWAY_MS)}`;
  }

  stop(): void {
    this.#stopped = true;
    this.#child?.kill();
  }
}

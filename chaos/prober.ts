import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { type Echoes, parseEcho } from './echoes.ts';
import { Spool } from './spool.ts';

const TURN_MS = 500;
/** Older answers are of no case that runs. */
const MEMORY = 100_000;

/**
 * Asks some addresses from within a namespace for an echo, all the time, and remembers when answers came. `fping` stamps them, so
 * it does not matter when this process gets round to reading, and puts them into a file, so that it never waits for that. Under
 * real-time priority: it measures the path.
 */
export class Prober {
  /** Null: the machine's own. */
  readonly #namespace: string | null;
  readonly #targets: ReadonlyMap<string, number>;
  readonly #intervalMs: number;
  readonly #echoes = new Map<number, number[]>();
  /** What routers said instead: packets that went in circles until their time was up. */
  readonly #circles: { at: number; text: string }[] = [];
  readonly #spool = new Spool();
  /** When the last answer came: what is printed without a time came about then. */
  #lastAt = 0;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | null = null;
  #runsSince = 0;
  /** Which namespace of that name it runs in: a machine that lost power gets another one. */
  #inode: number | null = null;

  constructor(namespace: string | null, targets: ReadonlyMap<string, number>, intervalMs: number) {
    this.#namespace = namespace;
    this.#targets = targets;
    this.#intervalMs = intervalMs;
    for (const id of targets.values()) this.#echoes.set(id, []);
  }

  start(): void {
    this.#launch();
    this.#timer = setInterval(() => {
      this.#collect();
      if (this.#child !== null && this.#inode === this.#inodeNow()) return;
      this.#child?.kill('SIGKILL');
      this.#launch();
    }, TURN_MS);
  }

  #inodeNow(): number | null {
    if (this.#namespace === null) return null;
    return statSync(`/run/netns/${this.#namespace}`, { throwIfNoEntry: false })?.ino ?? null;
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#child?.kill('SIGKILL');
    this.#child = null;
    this.#collect();
    this.#spool.close();
  }

  echoes(id: number): Echoes {
    this.#collect();
    return this.#echoes.get(id) ?? [];
  }

  get circles(): readonly { readonly at: number; readonly text: string }[] {
    this.#collect();
    return this.#circles;
  }

  /** Since when it asks without a break; null while it does not. */
  get runsSince(): number | null {
    return this.#child === null ? null : this.#runsSince;
  }

  #launch(): void {
    this.#inode = this.#inodeNow();
    if (this.#namespace !== null && this.#inode === null) return;
    const enter = this.#namespace === null ? [] : ['nsenter', `--net=/run/netns/${this.#namespace}`];
    const ask = ['fping', '-l', '-D', '-i', '1', '-t', '1000', '-p', String(this.#intervalMs)];
    const child = spawn('chrt', ['--rr', '3', ...enter, ...ask, ...this.#targets.keys()], {
      stdio: ['ignore', this.#spool.fd, this.#spool.fd],
    });
    this.#child = child;
    this.#runsSince = Date.now();
    child.on('error', () => {});
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
  }

  #collect(): void {
    for (const line of this.#spool.lines()) this.#take(line);
  }

  #take(line: string): void {
    const echo = parseEcho(line);
    if (echo === null) {
      if (line.includes('Time Exceeded')) this.#circles.push({ at: this.#lastAt, text: line });
      return;
    }
    this.#lastAt = echo.at;
    const echoes = this.#echoes.get(this.#targets.get(echo.from) ?? -1);
    if (echoes === undefined) return;
    echoes.push(echo.at);
    if (echoes.length > 2 * MEMORY) echoes.splice(0, MEMORY);
  }
}

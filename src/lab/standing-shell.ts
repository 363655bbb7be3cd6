import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/**
 * A shell that stays in one of the lab's namespaces and starts programs there. To start one itself, a process of Node's size
 * has its memory map copied first: that holds up a small machine for tens of milliseconds, at the very moment at which
 * everybody's failure detection is watched.
 */
export class StandingShell {
  readonly #namespace: string;
  #child: ChildProcessByStdio<Writable, Readable, null> | null = null;
  #waiting: ((answer: string) => void)[] = [];

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  #start(): void {
    if (this.#child) return;
    const inside = [`--net=/run/netns/${this.#namespace}`, 'sh'];
    const child = spawn('nsenter', inside, { cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child = child;
    // Answers are one line: words of a program are neither file names nor lines.
    child.stdin.write('set -f\n');
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
    const lose = () => {
      if (this.#child === child) this.#child = null;
      for (const answer of this.#waiting.splice(0)) answer('the shell ended');
    };
    child.on('error', lose);
    child.on('close', lose);
    this.#keepAwake(false);
  }

  /** It ends with whoever uses it, and keeps nobody from ending but for those who wait for an answer. */
  #keepAwake(awake: boolean): void {
    const how = awake ? 'ref' : 'unref';
    this.#child?.[how]();
    for (const stream of [this.#child?.stdin, this.#child?.stdout]) (stream as Socket | undefined)?.[how]();
  }

  /** Runs a program that has to succeed. Words are ours, and none may mean anything to a shell. */
  async run(argv: readonly string[]): Promise<void> {
    const odd = argv.find((word) => !/^[\w./:@-]+$/.test(word));
    if (odd !== undefined) throw new Error(`"${odd}" is not a plain word`);
    this.#start();
    this.#keepAwake(true);
    const answer = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#child!.stdin.write(`said=$(${argv.join(' ')} 2>&1); echo $? $said\n`);
    });
    if (this.#waiting.length === 0) this.#keepAwake(false);
    if (!/^0\b/.test(answer)) throw new Error(`${argv.join(' ')} in ${this.#namespace}: ${answer}`);
  }
}

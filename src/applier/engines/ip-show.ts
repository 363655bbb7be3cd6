import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/**
 * Starting a program costs a process of Node's size some ten milliseconds, and the kernel is asked several times a second. So
 * one `ip` in batch mode stays and answers all of it.
 */
const ANSWER_WITHIN_MS = 5000;
/** It remembers names of interfaces for as long as it lives. */
const RENEW_MS = 60_000;
/** Asked after every question: its line, which no question of ours prints, ends the answer. */
const END = 'netconf show dev lo';
const ENDS = /^\[\{"family":"inet","interface":"lo",/;

type Child = ChildProcessByStdio<Writable, Readable, null>;

interface Question {
  readonly answer: string[];
  readonly resolve: (lines: string[]) => void;
  readonly reject: (error: Error) => void;
}

export class IpShow {
  #child: Child | null = null;
  #startedAt = 0;
  #waiting: Question[] = [];

  /** What `ip -j WORDS` prints, for words of `show` commands; an empty list for a table that does not exist. */
  async ask<T>(words: string): Promise<T[]> {
    const child = this.#running();
    const lines = await new Promise<string[]>((resolve, reject) => {
      const timer = setTimeout(() => child.kill(), ANSWER_WITHIN_MS);
      const settled =
        <V>(settle: (value: V) => void) =>
        (value: V) => {
          clearTimeout(timer);
          settle(value);
        };
      this.#waiting.push({ answer: [], resolve: settled(resolve), reject: settled(reject) });
      child.stdin.write(`${words}\n${END}\n`);
    });
    return JSON.parse(lines[0] || '[]') as T[];
  }

  stop(): void {
    this.#child?.stdin.end();
    this.#child = null;
  }

  #running(): Child {
    const isOld = performance.now() - this.#startedAt > RENEW_MS && this.#waiting.length === 0;
    if (isOld) this.stop();
    this.#child ??= this.#start();
    return this.#child;
  }

  #start(): Child {
    this.#startedAt = performance.now();
    // By lines, since `ip` would keep what it has to say until there is a page of it.
    const argv = ['-oL', 'ip', '-j', '-force', '-batch', '-'];
    const child = spawn('stdbuf', argv, { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (child === this.#child) this.#take(line);
    });
    child.on('error', () => this.#lose(child));
    child.on('close', () => this.#lose(child));
    return child;
  }

  #take(line: string): void {
    const [question] = this.#waiting;
    if (!question) return;
    if (!ENDS.test(line)) question.answer.push(line);
    else this.#waiting.shift()!.resolve(question.answer);
  }

  #lose(child: Child): void {
    if (child !== this.#child) return;
    this.#child = null;
    const lost = this.#waiting;
    this.#waiting = [];
    for (const { reject } of lost) reject(new Error('ip ended while it was asked'));
  }
}

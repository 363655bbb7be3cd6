import { lookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { invalid } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { parseHost } from '../net/host.ts';

const DEADLINE_MS = 5000;
const MAX_WAITING = 8;

export interface LookUpAnswer {
  readonly addresses: string[];
  /** Why there are none. */
  readonly error: string | null;
  readonly took_ms: number;
}

type Ask = (name: string) => Promise<readonly { readonly address: string }[]>;

const askSystem: Ask = (name) => lookup(name, { all: true, order: 'ipv4first' });

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'There is no such name',
  EAI_AGAIN: 'The DNS server did not answer',
  EAI_NODATA: 'The name has no address',
};

/**
 * Looks names up when an operator asks. The system's look-up cannot be stopped and holds a thread that everything else
 * in this process shares, so there is one at a time: one that is late has been answered, but the next waits for it.
 */
export class LookUp {
  readonly #ask: Ask;
  readonly #deadlineMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(ask: Ask = askSystem, deadlineMs = DEADLINE_MS) {
    this.#ask = ask;
    this.#deadlineMs = deadlineMs;
  }

  async resolve(text: string): Promise<LookUpAnswer> {
    const host = parseHost(text);
    if (host.kind === 'invalid') throw invalid('host', `"${printable(text)}" ${host.why}`);
    if (host.kind !== 'name') return { addresses: [host.text], error: null, took_ms: 0 };
    const start = performance.now();
    const end = new AbortController();
    const late = sleep(this.#deadlineMs, 'The DNS server did not answer in time', { signal: end.signal });
    const result = await Promise.race([this.#queue(host.text), late]).finally(() => end.abort());
    const took_ms = Math.round(performance.now() - start);
    if (typeof result === 'string') return { addresses: [], error: result, took_ms };
    return { addresses: [...new Set(result.map(({ address }) => address))], error: null, took_ms };
  }

  /** The answers, or why there are none. */
  #queue(name: string): Promise<Awaited<ReturnType<Ask>> | string> {
    if (this.#waiting >= MAX_WAITING) return Promise.resolve('Too many look-ups are under way');
    this.#waiting++;
    const answer = this.#last
      .then(() => this.#ask(name))
      .catch(({ code }: NodeJS.ErrnoException) => WORDS[code ?? ''] ?? `The look-up failed (${code})`)
      .finally(() => this.#waiting--);
    this.#last = answer;
    return answer;
  }
}

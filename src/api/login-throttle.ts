import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MeshwrightError } from '../errors/catalogue.ts';

const FREE_FAILURES = 10;
const FORGET_MS = 60_000;
const SPACING_MS = 1000;
const MAX_WAIT_MS = 4000;
const MAX_SOURCES = 10_000;

interface Source {
  failures: number;
  lastFailure: number;
  nextAttempt: number;
}

/**
 * Slows guessing down per source address. After some failures attempts of that source are spaced a second apart
 * *before* they are checked, so that parallel guesses gain nothing; more than a few waiting ones are refused. Other
 * sources never notice, and a client that polls with a password that is not valid yet is not locked out.
 */
export class LoginThrottle {
  readonly #sources = new Map<string, Source>();
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<unknown>;

  constructor(now: () => number = Date.now, wait: (ms: number) => Promise<unknown> = sleep) {
    this.#now = now;
    this.#sleep = wait;
  }

  /** Resolves when this source may try. Rejects when it has too many attempts waiting. */
  async admit(address: string): Promise<void> {
    const source = this.#sources.get(sourceKey(address));
    if (!source) return;
    const now = this.#now();
    if (now - source.lastFailure > FORGET_MS) {
      this.#sources.delete(sourceKey(address));
      return;
    }
    if (source.failures < FREE_FAILURES) return;
    const at = Math.max(now, source.nextAttempt);
    if (at - now > MAX_WAIT_MS) {
      throw new MeshwrightError('TOO_MANY_ATTEMPTS', { seconds: Math.ceil((at - now) / 1000) });
    }
    source.nextAttempt = at + SPACING_MS;
    if (at > now) await this.#sleep(at - now);
  }

  failed(address: string): void {
    const key = sourceKey(address);
    const now = this.#now();
    const source = this.#sources.get(key) ?? { failures: 0, lastFailure: now, nextAttempt: now };
    this.#sources.delete(key);
    source.failures++;
    source.lastFailure = now;
    if (source.failures === FREE_FAILURES) source.nextAttempt = now + SPACING_MS;
    this.#sources.set(key, source);
    // The map is in order of the last failure: a flood from many addresses displaces only the oldest.
    if (this.#sources.size > MAX_SOURCES) this.#sources.delete(this.#sources.keys().next().value!);
  }

  succeeded(address: string): void {
    this.#sources.delete(sourceKey(address));
  }
}

/** One IPv6 host owns a whole /64, so that is the unit there. */
function sourceKey(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]!.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array(missing).fill('0'), ...right].slice(0, 4).join(':');
}

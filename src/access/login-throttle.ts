import { setTimeout as sleep } from 'node:timers/promises';
import { MeshwrightError } from '../errors/catalogue.ts';
import { sourceKey } from '../net/ip-bytes.ts';

const SPACING_MS = 1000;
const MAX_WAIT_MS = 4000;
const MAX_KEYS = 10_000;
const PER_SOURCE = { free: 10, forgetMs: 60_000 };
/** Higher, because strangers can use it up: it is for guesses at one account from many addresses. */
const PER_ACCOUNT = { free: 50, forgetMs: 600_000 };

interface Counter {
  failures: number;
  lastFailure: number;
  nextAttempt: number;
}

type Limits = typeof PER_SOURCE;

/** Spaces the attempts of one key after some failures. The map is in order of the last failure. */
class Lanes {
  readonly #counters = new Map<string, Counter>();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How long this attempt has to wait. Throws when too many wait already. */
  wait(key: string, now: number): number {
    const counter = this.#counters.get(key);
    if (!counter) return 0;
    if (now - counter.lastFailure > this.#limits.forgetMs) {
      this.#counters.delete(key);
      return 0;
    }
    if (counter.failures < this.#limits.free) return 0;
    const at = Math.max(now, counter.nextAttempt);
    if (at - now > MAX_WAIT_MS) {
      throw new MeshwrightError('TOO_MANY_ATTEMPTS', { seconds: Math.ceil((at - now) / 1000) });
    }
    counter.nextAttempt = at + SPACING_MS;
    return at - now;
  }

  failed(key: string, now: number): void {
    const counter = this.#counters.get(key) ?? { failures: 0, lastFailure: now, nextAttempt: now };
    this.#counters.delete(key);
    counter.failures++;
    counter.lastFailure = now;
    if (counter.failures === this.#limits.free) counter.nextAttempt = now + SPACING_MS;
    this.#counters.set(key, counter);
    // A flood from many addresses displaces only the oldest.
    if (this.#counters.size > MAX_KEYS) this.#counters.delete(this.#counters.keys().next().value!);
  }

  forget(key: string): void {
    this.#counters.delete(key);
  }
}

/**
 * Slows guessing down, per source address and per account. After some failures attempts are spaced a second apart
 * *before* they are checked, so that parallel guesses gain nothing; more than a few waiting ones are refused. Nobody
 * is locked out by the guesses of others: a source from which an account logged in before does not wait for it.
 */
export class LoginThrottle {
  readonly #sources = new Lanes(PER_SOURCE);
  readonly #accounts = new Lanes(PER_ACCOUNT);
  readonly #trusted = new Set<string>();
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<unknown>;

  /** `now` is of a clock that nobody sets. */
  constructor(now: () => number = () => performance.now(), wait: (ms: number) => Promise<unknown> = sleep) {
    this.#now = now;
    this.#sleep = wait;
  }

  /** Resolves when this source may try. Rejects when it has too many attempts waiting. */
  async admit(address: string, account?: string): Promise<void> {
    const source = sourceKey(address);
    const now = this.#now();
    const own = this.#sources.wait(source, now);
    const isStranger = account !== undefined && !this.#trusted.has(pair(source, account));
    const shared = isStranger ? this.#accounts.wait(nameOf(account), now) : 0;
    const ms = Math.max(own, shared);
    if (ms > 0) await this.#sleep(ms);
  }

  failed(address: string, account?: string): void {
    const source = sourceKey(address);
    this.#sources.failed(source, this.#now());
    if (account === undefined || this.#trusted.has(pair(source, account))) return;
    this.#accounts.failed(nameOf(account), this.#now());
  }

  succeeded(address: string, account?: string): void {
    const source = sourceKey(address);
    this.#sources.forget(source);
    if (account === undefined) return;
    this.#trusted.add(pair(source, account));
    if (this.#trusted.size > MAX_KEYS) this.#trusted.delete(this.#trusted.values().next().value!);
  }
}

const nameOf = (account: string) => account.toLowerCase().slice(0, 64);
const pair = (source: string, account: string) => `${source} ${nameOf(account)}`;

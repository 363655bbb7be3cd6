import { sourceKey } from '../net/ip-bytes.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';

interface Counter {
  failures: number;
  /** Unix milliseconds of the last failure. */
  lastAt: number;
}

interface Counters {
  sources: Record<string, Counter>;
  total: Counter;
}

const FREE_FAILURES = 3;
const LONGEST_WAIT_S = 60;
const FORGET_SOURCE_MS = 24 * 3600_000;
/** Guesses from many addresses slow everybody down, but never so far that an honest fetch could not get in. */
const FREE_TOTAL = 30;
const TOTAL_WAIT_S = 5;
const FORGET_TOTAL_MS = 3600_000;
const MAX_SOURCES = 1000;

/** Counts wrong tokens per source and over all of them. In the store: a restart must not give new guesses. */
export class ExchangeAttempts {
  readonly #setting: Setting<Counters>;
  readonly #now: () => number;

  constructor(db: Database, now: () => number = Date.now) {
    this.#setting = new Setting(db, 'keyset.exchange_attempts');
    this.#now = now;
  }

  /** Whole seconds until this source may try again, 0 when it may now. */
  waitSeconds(source: string): number {
    const { sources, total } = this.#read();
    const counter = sources[sourceKey(source)];
    const own = counter ? this.#wait(counter, FREE_FAILURES, LONGEST_WAIT_S) : 0;
    return Math.max(own, this.#wait(total, FREE_TOTAL, TOTAL_WAIT_S));
  }

  /** True when this source guessed wrong so often that it gets one attempt at a time. */
  isSuspect(source: string): boolean {
    return (this.#read().sources[sourceKey(source)]?.failures ?? 0) >= FREE_FAILURES;
  }

  failed(source: string): void {
    const { sources, total } = this.#read();
    const key = sourceKey(source);
    sources[key] = this.#raised(sources[key]);
    const oldestFirst = Object.entries(sources).sort(([, a], [, b]) => a.lastAt - b.lastAt);
    const kept = oldestFirst.slice(Math.max(0, oldestFirst.length - MAX_SOURCES));
    this.#setting.set({ sources: Object.fromEntries(kept), total: this.#raised(total) });
  }

  succeeded(source: string): void {
    const counters = this.#read();
    if (!(sourceKey(source) in counters.sources)) return;
    delete counters.sources[sourceKey(source)];
    this.#setting.set(counters);
  }

  #raised(counter: Counter | undefined): Counter {
    return { failures: (counter?.failures ?? 0) + 1, lastAt: this.#now() };
  }

  #wait({ failures, lastAt }: Counter, free: number, longest: number): number {
    if (failures < free) return 0;
    const delay = Math.min(longest, 2 ** Math.min(failures - free, 10));
    const left = lastAt + delay * 1000 - this.#now();
    // A clock that was set back must not lock anybody out for longer than the rule says.
    return Math.min(delay, Math.max(0, Math.ceil(left / 1000)));
  }

  #read(): Counters {
    const now = this.#now();
    const stored = this.#setting.get();
    const fresh = Object.entries(stored?.sources ?? {}).filter(([, c]) => now - c.lastAt < FORGET_SOURCE_MS);
    const total = stored?.total;
    return {
      sources: Object.fromEntries(fresh),
      total: total && now - total.lastAt < FORGET_TOTAL_MS ? total : { failures: 0, lastAt: 0 },
    };
  }
}

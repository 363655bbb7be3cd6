import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { dialGuard } from '../net/dial-guard.ts';
import { every } from '../periodic.ts';
import type { Database } from '../store/database.ts';

/** A changed name moves its link within this time plus one look-up. */
const REFRESH_MS = 10_000;

/**
 * Names of peers to addresses, again and again. A failed look-up never erases the last good answer, which is in the
 * store, so boot does not depend on DNS. One look-up at a time: a dead DNS server must not use up the threads that
 * everything else in this process shares.
 */
export class Resolver {
  readonly #db: Database;
  readonly #onChange: () => void;
  readonly #failures = new Map<string, string>();
  #names: readonly string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #running = false;

  constructor(db: Database, onChange: () => void) {
    this.#db = db;
    this.#onChange = onChange;
  }

  /** Resolves these names from now on. */
  watch(names: readonly string[]): void {
    const wanted = [...new Set(names.filter((name) => isIP(name) === 0))].sort();
    const isNew = wanted.some((name) => !this.#names.includes(name));
    this.#names = wanted;
    this.#timer ??= every(REFRESH_MS, 'resolving peers', () => this.refresh());
    if (isNew) void this.refresh();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#names = [];
  }

  /** The address of a host: itself when it is one, otherwise the last good answer. */
  addressOf(host: string): string | null {
    if (isIP(host) !== 0) return host;
    return this.#answer(host)?.address ?? null;
  }

  /** Why the last look-up failed, if it did. */
  failureOf(host: string): string | null {
    return this.#failures.get(host) ?? null;
  }

  async refresh(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      let changed = false;
      for (const name of this.#names) changed = (await this.#resolve(name)) || changed;
      if (changed) this.#onChange();
    } finally {
      this.#running = false;
    }
  }

  #answer(name: string): { address: string } | undefined {
    return this.#db.get<{ address: string }>('SELECT address FROM dns_answer WHERE name = ?', name);
  }

  /** True when the answer differs from the one before. An old address that is still among the answers is kept. */
  async #resolve(name: string): Promise<boolean> {
    try {
      const all = (await lookup(name, { all: true, order: 'ipv4first' })).map((answer) => answer.address);
      const answers = all.filter((one) => dialGuard().refusal(one) === null);
      if (answers.length === 0 && all.length > 0) {
        this.#failures.set(name, `${all[0]} is ${dialGuard().refusal(all[0]!)}`);
        return false;
      }
      this.#failures.delete(name);
      const before = this.#answer(name)?.address ?? null;
      const address = before && answers.includes(before) ? before : (answers[0] ?? null);
      if (!address || address === before) return false;
      this.#db.run(
        `INSERT INTO dns_answer (name, address, at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET address = excluded.address, at = excluded.at`,
        name,
        address,
        Date.now(),
      );
      return true;
    } catch (error) {
      this.#failures.set(name, (error as NodeJS.ErrnoException).code ?? 'look-up failed');
      return false;
    }
  }
}

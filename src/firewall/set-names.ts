import { lookup } from 'node:dns/promises';
import { every } from '../periodic.ts';
import type { Database } from '../store/database.ts';

/** A changed name is in its sets within this time plus one look-up. */
const REFRESH_MS = 10_000;

export interface NameChange {
  readonly host: string;
  readonly addresses: readonly string[];
}

/**
 * Names in sets to all of their addresses, again and again. A failed look-up keeps the last good answer, which is in
 * the store. One look-up at a time, as everywhere.
 */
export class SetNames {
  readonly #db: Database;
  readonly #onChange: (changed: readonly NameChange[]) => void;
  readonly #answers = new Map<string, { addresses: readonly string[]; at: number }>();
  #hosts: readonly string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  #revision = 0;

  constructor(db: Database, onChange: (changed: readonly NameChange[]) => void) {
    this.#db = db;
    this.#onChange = onChange;
    for (const { name, addresses, at } of db.all<{ name: string; addresses: string; at: number }>(
      'SELECT * FROM firewall_name',
    ))
      this.#answers.set(name, { addresses: JSON.parse(addresses) as string[], at });
  }

  /** Counts changed answers: whoever keeps what follows from them compares it. */
  get revision(): number {
    return this.#revision;
  }

  watch(hosts: readonly string[]): void {
    const isNew = hosts.some((host) => !this.#hosts.includes(host));
    this.#hosts = [...hosts];
    if (hosts.length > 0) this.#timer ??= every(REFRESH_MS, 'resolving names of sets', () => this.refresh());
    else this.stop();
    if (isNew) void this.refresh();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  addressesOf(host: string): readonly string[] {
    return this.#answers.get(host)?.addresses ?? [];
  }

  lookedUp(host: string): number | null {
    return this.#answers.get(host)?.at ?? null;
  }

  async refresh(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const changed: NameChange[] = [];
      for (const host of this.#hosts) {
        const addresses = await this.#lookUp(host);
        if (addresses) changed.push({ host, addresses });
      }
      if (changed.length > 0) this.#onChange(changed);
    } finally {
      this.#running = false;
    }
  }

  /** The new addresses, or null when nothing changed. Order means nothing: servers rotate their answers. */
  async #lookUp(host: string): Promise<readonly string[] | null> {
    const found = await lookup(host, { all: true }).catch(() => []);
    const addresses = [...new Set(found.map(({ address }) => address))].sort();
    if (addresses.length === 0) return null;
    const before = this.addressesOf(host).join(' ');
    this.#answers.set(host, { addresses, at: Date.now() });
    if (before === addresses.join(' ')) return null;
    this.#revision++;
    this.#db.run(
      `INSERT INTO firewall_name (name, addresses, at) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET addresses = excluded.addresses, at = excluded.at`,
      host,
      JSON.stringify(addresses),
      Date.now(),
    );
    return addresses;
  }
}

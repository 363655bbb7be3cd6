import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../store/database.ts';

/** Nobody touched the console for this long: whoever comes next has to log in. */
const IDLE_MS = 12 * 3600_000;
const ABSOLUTE_MS = 7 * 24 * 3600_000;
const MAX_SESSIONS = 50;
/** Use is noted this often, because each note is a synced write. */
const NOTE_MS = 5 * 60_000;

interface Row {
  readonly digest: string;
  readonly created_at: number;
  readonly seen_at: number;
}

/**
 * Who is logged in to the console. The store knows digests only: a thief of the file, or of a backup of it, cannot
 * log in with them. Sessions outlive restarts of the controller.
 */
export class Sessions {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #watchers = new Map<string, Set<() => void>>();

  constructor(db: Database, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
  }

  /** Begins a session; the id is told once and kept nowhere. */
  begin(): string {
    const id = randomBytes(32).toString('base64url');
    const now = this.#now();
    this.sweep();
    this.#db.transaction(() => {
      this.#db.run(
        'INSERT INTO session (digest, created_at, seen_at) VALUES (?, ?, ?)',
        digestOf(id),
        now,
        now,
      );
      // The one that was used longest ago makes room; the new one is newer than all.
      const surplus = this.#db.all<Row>(
        'SELECT * FROM session ORDER BY seen_at DESC, created_at DESC LIMIT -1 OFFSET ?',
        MAX_SESSIONS,
      );
      for (const { digest } of surplus) this.#delete(digest);
    });
    return id;
  }

  /** The digest of a living session, under which it is known to the rest of the product. */
  find(id: string): string | null {
    return this.#living(id)?.digest ?? null;
  }

  /** The same for a request that counts as use. */
  use(id: string): string | null {
    const row = this.#living(id);
    if (!row) return null;
    const now = this.#now();
    if (Math.abs(now - row.seen_at) >= NOTE_MS) {
      this.#db.run('UPDATE session SET seen_at = ? WHERE digest = ?', now, row.digest);
    }
    return row.digest;
  }

  end(id: string): void {
    this.#delete(digestOf(id));
  }

  endAll(): void {
    for (const { digest } of this.#db.all<Row>('SELECT * FROM session')) this.#delete(digest);
  }

  /** Ends what is over. Without it a stream that was opened in time would run on for ever. */
  sweep(): void {
    const rows = this.#db.all<Row>('SELECT * FROM session');
    for (const row of rows) if (!this.#isAlive(row)) this.#delete(row.digest);
  }

  /** Calls back when the session ends, whyever. Returns the function that ends the subscription. */
  onEnd(digest: string, listener: () => void): () => void {
    const watchers = this.#watchers.get(digest) ?? new Set();
    this.#watchers.set(digest, watchers.add(listener));
    return () => {
      watchers.delete(listener);
      if (watchers.size === 0 && this.#watchers.get(digest) === watchers) this.#watchers.delete(digest);
    };
  }

  #living(id: string): Row | null {
    const row = this.#db.get<Row>('SELECT * FROM session WHERE digest = ?', digestOf(id));
    return row && this.#isAlive(row) ? row : null;
  }

  #isAlive({ created_at, seen_at }: Row): boolean {
    const now = this.#now();
    return now - created_at < ABSOLUTE_MS && now - seen_at < IDLE_MS;
  }

  #delete(digest: string): void {
    this.#db.run('DELETE FROM session WHERE digest = ?', digest);
    const watchers = [...(this.#watchers.get(digest) ?? [])];
    this.#watchers.delete(digest);
    for (const watcher of watchers) watcher();
  }
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

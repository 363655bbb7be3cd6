import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../store/database.ts';

/** Nobody touched the console for this long: whoever comes next has to log in. */
const IDLE_MS = 12 * 3600_000;
const ABSOLUTE_MS = 7 * 24 * 3600_000;
/** Of one owner: whoever logs in again and again throws nobody out but himself. */
const MAX_SESSIONS = 50;
/** Use is noted this often, because each note is a synced write. */
const NOTE_MS = 5 * 60_000;
/** As much of a digest as a list needs to name a session. It opens nothing. */
const ID_LENGTH = 16;

interface Row {
  readonly digest: string;
  readonly created_at: number;
  readonly seen_at: number;
  readonly user_id: number | null;
  readonly url_id: number | null;
  readonly until: number | null;
  readonly source: string;
  readonly agent: string;
}

/** Whom a session is for: a user, or the visitor of an access URL. */
export interface SessionOwner {
  readonly userId?: number | null;
  readonly urlId?: number | null;
  /** Unix milliseconds of an earlier end than that of other sessions. */
  readonly until?: number | null;
  readonly source?: string;
  readonly agent?: string;
}

export interface SessionInfo {
  readonly id: string;
  readonly digest: string;
  readonly userId: number | null;
  readonly urlId: number | null;
  readonly until: number;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly source: string;
  readonly agent: string;
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
  begin({ userId = null, urlId = null, until = null, source = '', agent = '' }: SessionOwner = {}): string {
    const id = randomBytes(32).toString('base64url');
    const now = this.#now();
    this.sweep();
    this.#db.transaction(() => {
      this.#db.run(
        `INSERT INTO session (digest, created_at, seen_at, user_id, url_id, until, source, agent)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        digestOf(id),
        now,
        now,
        userId,
        urlId,
        until,
        source,
        agent.slice(0, 200),
      );
      // The one that was used longest ago makes room; the new one is newer than all.
      const surplus = this.#db.all<Row>(
        `SELECT * FROM session WHERE user_id IS ? AND url_id IS ?
         ORDER BY seen_at DESC, created_at DESC LIMIT -1 OFFSET ?`,
        userId,
        urlId,
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

  /** What is known about the living session of a digest. */
  describe(digest: string): SessionInfo | null {
    const row = this.#db.get<Row>('SELECT * FROM session WHERE digest = ?', digest);
    return row && this.#isAlive(row) ? toInfo(row) : null;
  }

  list(): SessionInfo[] {
    const rows = this.#db.all<Row>('SELECT * FROM session ORDER BY seen_at DESC');
    return rows.filter((row) => this.#isAlive(row)).map(toInfo);
  }

  end(id: string): void {
    this.#delete(digestOf(id));
  }

  endDigest(digest: string): void {
    this.#delete(digest);
  }

  endOfUser(userId: number): void {
    for (const { digest, user_id } of this.#rows()) if (user_id === userId) this.#delete(digest);
  }

  endOfUrl(urlId: number): void {
    for (const { digest, url_id } of this.#rows()) if (url_id === urlId) this.#delete(digest);
  }

  endAll(): void {
    for (const { digest } of this.#rows()) this.#delete(digest);
  }

  /** Ends what is over. Without it a stream that was opened in time would run on for ever. */
  sweep(): void {
    for (const row of this.#rows()) if (!this.#isAlive(row)) this.#delete(row.digest);
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

  #rows(): Row[] {
    return this.#db.all<Row>('SELECT * FROM session');
  }

  #living(id: string): Row | null {
    const row = this.#db.get<Row>('SELECT * FROM session WHERE digest = ?', digestOf(id));
    return row && this.#isAlive(row) ? row : null;
  }

  #isAlive({ created_at, seen_at, until }: Row): boolean {
    const now = this.#now();
    return now - created_at < ABSOLUTE_MS && now - seen_at < IDLE_MS && (until === null || now < until);
  }

  #delete(digest: string): void {
    this.#db.run('DELETE FROM session WHERE digest = ?', digest);
    const watchers = [...(this.#watchers.get(digest) ?? [])];
    this.#watchers.delete(digest);
    for (const watcher of watchers) watcher();
  }
}

function toInfo(row: Row): SessionInfo {
  return {
    id: row.digest.slice(0, ID_LENGTH),
    digest: row.digest,
    userId: row.user_id,
    urlId: row.url_id,
    until: Math.min(
      row.created_at + ABSOLUTE_MS,
      row.seen_at + IDLE_MS,
      row.until ?? Number.MAX_SAFE_INTEGER,
    ),
    createdAt: row.created_at,
    seenAt: row.seen_at,
    source: row.source,
    agent: row.agent,
  };
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

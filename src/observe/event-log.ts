import type { Database } from '../store/database.ts';
import type { MeshEvent } from './mesh-status.ts';

/** Older events make room: a flapping link must not fill the disk. */
const MAX_EVENTS = 10_000;

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly kind: MeshEvent['kind'];
  readonly peer: number | null;
  readonly detail: string;
}

/** What happened to links and members, bounded, newest last. */
export class EventLog {
  readonly #db: Database;
  readonly #listeners = new Set<(event: MeshEvent) => void>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** A full disk costs what would be remembered, and never the work that it is told of. */
  add(kind: MeshEvent['kind'], peer: number | null, text: string, at = Date.now()): void {
    try {
      this.#write(kind, peer, text, at);
    } catch (error) {
      console.error(`event ${kind} is not kept (${text}):`, error);
    }
  }

  #write(kind: MeshEvent['kind'], peer: number | null, text: string, at: number): void {
    const { lastId } = this.#db.run(
      'INSERT INTO event (at, kind, peer, detail) VALUES (?, ?, ?, ?)',
      at,
      kind,
      peer,
      text,
    );
    if (lastId % 100 === 0) this.#db.run('DELETE FROM event WHERE seq <= ?', lastId - MAX_EVENTS);
    for (const listener of this.#listeners) listener({ seq: lastId, at, kind, peer, text });
  }

  /** Newest first. `before` pages backwards by sequence number. */
  list(options: { limit?: number; before?: number; peer?: number } = {}): MeshEvent[] {
    const rows = this.#db.all<Row>(
      'SELECT * FROM event WHERE seq < ? AND (? = 0 OR peer = ?) ORDER BY seq DESC LIMIT ?',
      options.before ?? Number.MAX_SAFE_INTEGER,
      options.peer ?? 0,
      options.peer ?? 0,
      Math.min(options.limit ?? 100, 1000),
    );
    return rows.map(({ seq, at, kind, peer, detail }) => ({ seq, at, kind, peer, text: detail }));
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: MeshEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

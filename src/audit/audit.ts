import type { Database, Recording } from '../store/database.ts';
import { AuditLog } from './audit-log.ts';
import { describe } from './describe.ts';

/** A request as the log tells of it. */
export interface AuditedRequest {
  readonly actor: string;
  readonly source: string;
  readonly action: string;
  readonly summary: string;
  readonly target: Readonly<Record<string, string>>;
  readonly status: number;
  readonly error: string | null;
}

const WINDOW_MS = 60_000;
const MAX_REFUSED = 30;
const MAX_KEYS = 5000;

/** Follows what requests do to the store and writes it down. */
export class Audit {
  readonly log: AuditLog;
  readonly #db: Database;
  readonly #now: () => number;
  readonly #columns = new Map<string, string[]>();
  readonly #refused = new Map<string, { since: number; count: number }>();

  constructor(db: Database, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
    this.log = new AuditLog(db);
  }

  /** Runs the rest of a request so that its changes end up in the recording. */
  follow(recording: Recording, work: () => void): void {
    this.#db.recordInto(recording, work);
  }

  write(request: AuditedRequest, recording: Recording | null): void {
    if (recording) recording.isOver = true;
    if (request.error !== null && !this.#hasRoom(request)) return;
    const changes = describe(recording?.changes ?? [], (table) => this.#columnsOf(table));
    this.log.add({ at: this.#now(), ...request, changes });
  }

  /** What is refused costs its sender nothing, so it must not push out what was done: so many a minute and source. */
  #hasRoom({ actor, source }: AuditedRequest): boolean {
    const key = `${source} ${actor}`;
    const now = this.#now();
    const known = this.#refused.get(key);
    const window = known && Math.abs(now - known.since) < WINDOW_MS ? known : { since: now, count: 0 };
    this.#refused.delete(key);
    this.#refused.set(key, window);
    if (this.#refused.size > MAX_KEYS) this.#refused.delete(this.#refused.keys().next().value!);
    return ++window.count <= MAX_REFUSED;
  }

  #columnsOf(table: string): string[] {
    const known = this.#columns.get(table) ?? this.#db.columnsOf(table);
    this.#columns.set(table, known);
    return known;
  }
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import {
  DatabaseSync,
  type SQLInputValue,
  type StatementResultingChanges,
  type StatementSync,
} from 'node:sqlite';
import { type RowChange, readChangeset } from './changeset.ts';
import { migrations } from './migrations.ts';

/** What somebody wants to know about the work that he starts. */
export interface Recording {
  readonly changes: RowChange[];
  /** Timers and workers that were begun inside go on for ever: after this they are nobody's business any more. */
  isOver: boolean;
}

/** More texts than the controller has. Reading a text costs several times what running it does. */
const MAX_STATEMENTS = 256;

/**
 * The controller's only truth on disk. One file, readable by the service user alone, with full sync: an
 * acknowledged write survives a power cut.
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #recording = new AsyncLocalStorage<Recording | null>();
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    const isNew = path === ':memory:' || !existsSync(path);
    this.#db = new DatabaseSync(path);
    if (path !== ':memory:') chmodSync(path, 0o600);
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    this.#migrate(path, isNew);
  }

  #migrate(path: string, isNew: boolean): void {
    const version = this.get<{ user_version: number }>('PRAGMA user_version')!.user_version;
    if (version > migrations.length) {
      throw new Error(
        `${path} was written by a newer Meshwright (schema ${version}, this one knows ${migrations.length})`,
      );
    }
    for (let next = version; next < migrations.length; next++) {
      if (!isNew) {
        this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        copyFileSync(path, `${path}.schema-${next}.backup`);
      }
      this.transaction(() => {
        this.#db.exec(migrations[next]!);
        this.#db.exec(`PRAGMA user_version = ${next + 1}`);
      });
    }
  }

  run(sql: string, ...values: SQLInputValue[]): { changes: number; lastId: number } {
    const seen = this.#seen;
    const session = seen ? this.#db.createSession() : null;
    let result: StatementResultingChanges;
    try {
      result = this.#statement(sql).run(...values);
      if (session) seen!.changes.push(...readChangeset(session.changeset()));
    } finally {
      session?.close();
    }
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }

  /** A statement that is run many times in a row; its changes are noted nowhere. */
  prepared(sql: string): (...values: SQLInputValue[]) => void {
    const statement = this.#statement(sql);
    return (...values) => void statement.run(...values);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    if (this.#statements.size >= MAX_STATEMENTS)
      this.#statements.delete(this.#statements.keys().next().value!);
    this.#statements.set(sql, statement);
    return statement;
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  /**
   * Runs `work`, which may go on after it returned, and notes what it does to rows. What other work does in the
   * meantime is not in it.
   */
  recordInto<T>(recording: Recording, work: () => T): T {
    return this.#recording.run(recording, work);
  }

  /** Runs `work` so that nobody is told what it does: the product keeps house, and no request asked for it. */
  unrecorded<T>(work: () => T): T {
    return this.#recording.run(null, work);
  }

  get #seen(): Recording | null {
    const recording = this.#recording.getStore();
    return recording && !recording.isOver ? recording : null;
  }

  /** The names of a table's columns, in order. */
  columnsOf(table: string): string[] {
    return this.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', table).map(({ name }) => name);
  }

  /** Runs `work` so that all of its writes happen or none. `work` must be synchronous. */
  transaction<T>(work: () => T): T {
    if (this.#db.isTransaction) return work();
    this.#db.exec('BEGIN IMMEDIATE');
    const noted = this.#seen?.changes.length ?? 0;
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      this.#seen?.changes.splice(noted);
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }
}

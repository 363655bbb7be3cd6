import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { migrations } from './migrations.ts';

/**
 * The controller's only truth on disk. One file, readable by the service user alone, with full sync: an
 * acknowledged write survives a power cut.
 */
export class Database {
  readonly #db: DatabaseSync;

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
    const result = this.#db.prepare(sql).run(...values);
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }

  /** A statement that is run many times in a row. */
  prepared(sql: string): (...values: SQLInputValue[]) => void {
    const statement = this.#db.prepare(sql);
    return (...values) => void statement.run(...values);
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#db.prepare(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#db.prepare(sql).all(...values) as Row[];
  }

  /** Runs `work` so that all of its writes happen or none. `work` must be synchronous. */
  transaction<T>(work: () => T): T {
    if (this.#db.isTransaction) return work();
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }
}

import type { Database } from './database.ts';

/**
 * One JSON value per key in a table of the store. Each capability declares its own key and type, so that this
 * file knows none of them: `const self = new Setting<ControllerId>(db, 'peering.self')`.
 */
export class Setting<T> {
  readonly #db: Database;
  readonly #key: string;
  readonly #table: 'setting' | 'secret';

  constructor(db: Database, key: string, table: 'setting' | 'secret' = 'setting') {
    this.#db = db;
    this.#key = key;
    this.#table = table;
  }

  get(): T | null {
    const row = this.#db.get<{ value: string }>(`SELECT value FROM ${this.#table} WHERE key = ?`, this.#key);
    return row ? (JSON.parse(row.value) as T) : null;
  }

  set(value: T): void {
    this.#db.run(
      `INSERT INTO ${this.#table} (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      this.#key,
      JSON.stringify(value),
    );
  }

  clear(): void {
    this.#db.run(`DELETE FROM ${this.#table} WHERE key = ?`, this.#key);
  }
}

import { Compile } from 'typebox/compile';
import * as Y from 'yjs';
import type { Database } from '../store/database.ts';
import { type SharedKind, type SharedSchema, sharedSchema } from './shared-schema.ts';

const fits = Object.fromEntries(
  Object.entries(sharedSchema).map(([kind, schema]) => {
    const validator = Compile(schema);
    return [kind, (value: unknown) => validator.Check(value)];
  }),
) as { [K in SharedKind]: (value: unknown) => value is SharedSchema[K] };

/** Updates in the log before they are folded into one at start. */
const FOLD_ABOVE = 200;
/** A single update from a member is refused above this size. Credentials of 8,192 clients are some 10 MB. */
export const MAX_UPDATE_BYTES = 16 * 1024 * 1024;

/**
 * The replicated document store: a Yjs document whose every update is in the database before it is visible to
 * anybody else. Members that exchange what the other lacks hold the same records, in whatever order the updates
 * came and whatever was cut in between.
 */
export class Records {
  readonly #db: Database;
  #doc: Y.Doc;
  readonly #listeners: ((update: Uint8Array, isLocal: boolean) => void)[] = [];

  constructor(db: Database) {
    this.#db = db;
    this.#doc = this.#load();
    if (this.#db.get<{ count: number }>('SELECT count(*) AS count FROM record_update')!.count > FOLD_ABOVE)
      this.#fold();
  }

  #load(): Y.Doc {
    const doc = new Y.Doc();
    const rows = this.#db.all<{ bytes: Uint8Array }>('SELECT bytes FROM record_update ORDER BY seq');
    for (const { bytes } of rows) Y.applyUpdate(doc, bytes);
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      this.#db.run('INSERT INTO record_update (bytes) VALUES (?)', update);
      for (const listener of this.#listeners) listener(update, origin !== 'remote');
    });
    return doc;
  }

  #fold(): void {
    this.#db.transaction(() => {
      this.#db.run('DELETE FROM record_update');
      this.#db.run('INSERT INTO record_update (bytes) VALUES (?)', Y.encodeStateAsUpdate(this.#doc));
    });
  }

  /**
   * A change that could not be written (the disk is full, say) is in the document already, and the next exchange would tell it
   * to everybody: the document is read anew.
   */
  #change(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#doc = this.#load();
      throw error;
    }
  }

  /** Called after each change, own or received. */
  onChange(listener: (update: Uint8Array, isLocal: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** Many changes that are stored, announced and sent as one. */
  together(work: () => void): void {
    this.#change(() => this.#doc.transact(work));
  }

  put<K extends SharedKind>(kind: K, key: string, value: SharedSchema[K]): void {
    if (!fits[kind](value)) throw new TypeError(`not a ${kind} record: ${key}`);
    const map = this.#doc.getMap(kind);
    if (JSON.stringify(map.get(key)) === JSON.stringify(value)) return;
    this.#change(() => map.set(key, value));
  }

  remove(kind: SharedKind, key: string): void {
    this.#change(() => this.#doc.getMap(kind).delete(key));
  }

  get<K extends SharedKind>(kind: K, key: string): SharedSchema[K] | null {
    const value = this.#doc.getMap(kind).get(key);
    return fits[kind](value) ? value : null;
  }

  /** All records of a kind; what does not fit the schema (a newer member's, say) is passed over, not deleted. */
  all<K extends SharedKind>(kind: K): SharedSchema[K][] {
    return [...this.#doc.getMap(kind).values()].filter((value): value is SharedSchema[K] =>
      fits[kind](value),
    );
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  /** What somebody with this state vector lacks. */
  missingFor(stateVector: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc, stateVector);
  }

  /** Takes in what another member sent. Throws on bytes that are not an update; the document stays as it was. */
  merge(update: Uint8Array): void {
    if (update.length > MAX_UPDATE_BYTES)
      throw new RangeError(`update of ${update.length} bytes is too large`);
    // A malformed update must fail before it touches the live document.
    Y.applyUpdate(new Y.Doc(), update);
    this.#change(() => Y.applyUpdate(this.#doc, update, 'remote'));
  }

  /** Drops everything: a controller that leaves its topology takes no records into the next one. */
  clear(): void {
    this.together(() => {
      for (const kind of Object.keys(sharedSchema)) this.#doc.getMap(kind).clear();
    });
  }
}

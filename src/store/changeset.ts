/** What one statement did to one row. Columns that an update leaves alone are absent. */
export interface RowChange {
  readonly table: string;
  readonly kind: 'insert' | 'update' | 'delete';
  /** By position in the table: SQLite's changesets name no columns. */
  readonly before: readonly Cell[];
  readonly after: readonly Cell[];
}

/** `undefined` where the changeset says nothing about a column. */
export type Cell = string | number | null | Uint8Array | undefined;

const KINDS = { 18: 'insert', 23: 'update', 9: 'delete' } as const;

/**
 * Reads SQLite's changeset format (https://www.sqlite.org/session/changeset.html): per table a header with the count
 * of columns and the name, then per row an operation and its old and new values.
 */
export function readChangeset(bytes: Uint8Array): RowChange[] {
  const reader = new Reader(bytes);
  const changes: RowChange[] = [];
  let table = '';
  let columns = 0;
  while (!reader.atEnd) {
    const op = reader.byte();
    if (op === 0x54) {
      columns = reader.varint();
      for (let at = 0; at < columns; at++) reader.byte();
      table = reader.name();
      continue;
    }
    const kind = KINDS[op as keyof typeof KINDS];
    if (kind === undefined) throw new Error(`a changeset with the operation ${op}`);
    reader.byte();
    const before = kind === 'insert' ? [] : reader.record(columns);
    const after = kind === 'delete' ? [] : reader.record(columns);
    changes.push({ table, kind, before, after });
  }
  return changes;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  /** SQLite's own: seven bits a byte, most significant first. Lengths here never need the ninth byte. */
  varint(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  }

  name(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  record(columns: number): Cell[] {
    return Array.from({ length: columns }, () => this.#cell());
  }

  #cell(): Cell {
    const type = this.byte();
    switch (type) {
      case 0:
        return undefined;
      case 1:
        return Number(this.#take(8).readBigInt64BE());
      case 2:
        return this.#take(8).readDoubleBE();
      case 3:
        return this.#take(this.varint()).toString('utf8');
      case 4:
        return new Uint8Array(this.#take(this.varint()));
      case 5:
        return null;
      default:
        throw new Error(`a changeset with the type ${type}`);
    }
  }

  #take(length: number): Buffer {
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }
}

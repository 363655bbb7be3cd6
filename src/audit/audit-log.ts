import { createHash } from 'node:crypto';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import type { Change } from './describe.ts';

export interface AuditEntry {
  readonly seq: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly source: string;
  /** Method and path pattern, e.g. `PUT /api/routes/:id/enable`. */
  readonly action: string;
  readonly summary: string;
  readonly target: Readonly<Record<string, string>>;
  readonly status: number;
  /** Code of the error catalogue, for what was refused. */
  readonly error: string | null;
  readonly changes: readonly Change[];
}

export interface AuditFilter {
  readonly limit?: number | undefined;
  /** Sequence number to page backwards from. */
  readonly before?: number | undefined;
  readonly actor?: string | undefined;
  readonly source?: string | undefined;
  /** Part of the action or of its summary. */
  readonly action?: string | undefined;
  readonly outcome?: 'done' | 'refused' | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface Verdict {
  readonly intact: boolean;
  readonly entries: number;
  readonly first: number | null;
  readonly last: number | null;
  /** The hash over everything up to the last entry: written down elsewhere, it proves later that nothing changed. */
  readonly head: string;
  /** The first entry that is not what it was, or is missing. */
  readonly broken_at: number | null;
}

interface State {
  /** Of the entry before the oldest one that is kept. */
  readonly anchor: { readonly seq: number; readonly hash: string };
  readonly head: { readonly seq: number; readonly hash: string };
}

interface Row {
  readonly seq: number;
  readonly entry: string;
  readonly hash: string;
}

const MAX_ENTRIES = 20_000;
/** Older entries make room in batches. */
const BATCH = 500;
const START = { seq: 0, hash: '0'.repeat(64) };

/**
 * Who did what, in the store. Each entry's hash covers the hash before it, so nobody changes or removes one in the
 * middle without breaking all that follow. It is a bounded log: the oldest entries go, and the chain begins later.
 */
export class AuditLog {
  readonly #db: Database;
  readonly #state: Setting<State>;
  readonly #maxEntries: number;

  constructor(db: Database, maxEntries = MAX_ENTRIES) {
    this.#db = db;
    this.#state = new Setting(db, 'audit.state');
    this.#maxEntries = maxEntries;
  }

  add(entry: Omit<AuditEntry, 'seq'>): AuditEntry {
    return this.#db.transaction(() => {
      const { anchor, head } = this.#read();
      const full = { seq: head.seq + 1, ...entry };
      const text = JSON.stringify(full);
      const hash = next(head.hash, text);
      this.#db.run('INSERT INTO audit (seq, entry, hash) VALUES (?, ?, ?)', full.seq, text, hash);
      this.#state.set({ anchor: this.#makeRoom(anchor, full.seq), head: { seq: full.seq, hash } });
      return full;
    });
  }

  /** Newest first. */
  list(filter: AuditFilter = {}): AuditEntry[] {
    const { limit = 100, before, actor, source, action, outcome, from, to } = filter;
    // What somebody wrote into the file and is no entry must not hide those that are; `verify` tells of it.
    const ifJson = (sql: string) => `CASE WHEN json_valid(entry) THEN ${sql} END`;
    const text = (name: string) => ifJson(`json_extract(entry, '$.${name}')`);
    const wanted: [string, string | number | undefined][] = [
      ['seq < ?', before],
      [`${text('actor')} = ? COLLATE NOCASE`, actor],
      [`${text('source')} = ?`, source],
      [`instr(lower(${text('action')} || ' ' || ${text('summary')}), lower(?)) > 0`, action],
      [`${text('at')} >= ?`, from],
      [`${text('at')} <= ?`, to],
    ];
    const given = wanted.filter(([, value]) => value !== undefined);
    const conditions = [`${ifJson('json_type(entry)')} = 'object'`, ...given.map(([sql]) => sql)];
    if (outcome) conditions.push(`${text('error')} IS ${outcome === 'done' ? '' : 'NOT '}NULL`);
    return this.#db
      .all<Row>(
        `SELECT * FROM audit WHERE ${conditions.join(' AND ')} ORDER BY seq DESC LIMIT ?`,
        ...given.map(([, value]) => value!),
        limit,
      )
      .map(({ entry }) => JSON.parse(entry) as AuditEntry);
  }

  verify(): Verdict {
    const { anchor, head } = this.#read();
    const rows = this.#db.all<Row>('SELECT * FROM audit ORDER BY seq');
    let { seq, hash } = anchor;
    let broken: number | null = null;
    for (const row of rows) {
      if (row.seq !== seq + 1 || row.hash !== next(hash, row.entry) || seqIn(row.entry) !== row.seq) {
        broken = seq + 1;
        break;
      }
      ({ seq, hash } = row);
    }
    if (broken === null && (seq !== head.seq || hash !== head.hash)) broken = seq + 1;
    return {
      intact: broken === null,
      entries: rows.length,
      first: rows[0]?.seq ?? null,
      last: rows.at(-1)?.seq ?? null,
      head: head.hash,
      broken_at: broken,
    };
  }

  #read(): State {
    return this.#state.get() ?? { anchor: START, head: START };
  }

  #makeRoom(anchor: State['anchor'], last: number): State['anchor'] {
    if (last - anchor.seq <= this.#maxEntries + BATCH) return anchor;
    const row = this.#db.get<Row>('SELECT * FROM audit WHERE seq = ?', last - this.#maxEntries);
    if (!row) return anchor;
    this.#db.run('DELETE FROM audit WHERE seq <= ?', row.seq);
    return { seq: row.seq, hash: row.hash };
  }
}

function next(hash: string, entry: string): string {
  return createHash('sha256').update(hash).update('\n').update(entry).digest('hex');
}

function seqIn(entry: string): number | null {
  try {
    return (JSON.parse(entry) as { seq: number }).seq;
  } catch {
    return null;
  }
}

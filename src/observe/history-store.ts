import type { Database } from '../store/database.ts';

/** One slot of one link: microseconds for times, ten-thousandths for shares. Null: nothing was measured. */
export interface HistoryRow {
  readonly peer: number;
  /** Begin of the slot, Unix seconds. */
  readonly at: number;
  readonly rtt_min: number | null;
  readonly rtt: number | null;
  readonly rtt_max: number | null;
  readonly jitter: number | null;
  readonly loss: number | null;
  readonly up: number | null;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
export const FINEST = 10;
/** Slots of each step are kept this long, all in seconds. Each step is made from the one before. */
export const STEPS = [
  { step: FINEST, keep: 2 * HOUR },
  { step: 60, keep: DAY },
  { step: 900, keep: 31 * DAY },
] as const;
export type Step = (typeof STEPS)[number]['step'];

/** What links did over time. Old slots live on only in coarser ones, so the size has a bound: 5,000 rows a link. */
export class HistoryStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Adds finest slots and brings the coarser ones up to date, in one transaction. Coarse slots are computed from the
   * stored finer ones and not from memory, so they are right whenever the process ends.
   */
  write(rows: readonly HistoryRow[], nowSeconds: number): void {
    this.#db.transaction(() => {
      for (const row of rows) this.#put(row);
      for (const [index, { step }] of STEPS.entries()) {
        const finer = STEPS[index - 1]?.step;
        if (finer) this.#summarize(rows, finer, step);
      }
      for (const { step, keep } of STEPS) this.#forget(step, nowSeconds - keep);
    });
  }

  read(step: Step, peer: number, from: number, to: number): HistoryRow[] {
    return this.#db.all<HistoryRow>(
      'SELECT * FROM link_history WHERE step = ? AND peer = ? AND at BETWEEN ? AND ? ORDER BY at',
      step,
      peer,
      from,
      to,
    );
  }

  #put({ peer, at, rtt_min, rtt, rtt_max, jitter, loss, up }: HistoryRow): void {
    this.#db.run(
      'INSERT OR REPLACE INTO link_history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      FINEST,
      peer,
      at,
      rtt_min,
      rtt,
      rtt_max,
      jitter,
      loss,
      up,
    );
  }

  #summarize(rows: readonly HistoryRow[], finer: number, step: number): void {
    const slots = new Map(
      rows.map(({ peer, at }) => [`${peer} ${slotOf(at, step)}`, { peer, at: slotOf(at, step) }]),
    );
    for (const { peer, at } of slots.values()) {
      this.#db.run(
        `INSERT OR REPLACE INTO link_history
         SELECT ?, peer, ?, min(rtt_min), CAST(round(avg(rtt)) AS INTEGER), max(rtt_max),
           CAST(round(avg(jitter)) AS INTEGER), CAST(round(avg(loss)) AS INTEGER), CAST(round(avg(up)) AS INTEGER)
         FROM link_history WHERE step = ? AND peer = ? AND at >= ? AND at < ? GROUP BY peer`,
        step,
        at,
        finer,
        peer,
        at,
        at + step,
      );
    }
  }

  /** The list of peers lets SQLite walk to the old end of each one instead of through all rows. */
  #forget(step: number, before: number): void {
    this.#db.run(
      'DELETE FROM link_history WHERE step = ? AND peer IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10) AND at < ?',
      step,
      before,
    );
  }
}

export function slotOf(at: number, step: number): number {
  return Math.floor(at / step) * step;
}

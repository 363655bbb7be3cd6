import { type Static, Type } from 'typebox';
import type { Mesh } from '../mesh/mesh.ts';
import { every } from '../periodic.ts';
import type { Database } from '../store/database.ts';
import { FINEST, type HistoryRow, HistoryStore, type Step, slotOf } from './history-store.ts';
import type { LinkState } from './mesh-status.ts';
import { type ProbeReading, SlotGatherer } from './slot.ts';

/** Slots are written this often, so that history costs one synced write a minute. A crash loses what came since. */
const WRITE_MS = 60_000;
const HOUR = 3600;

export const RANGES = {
  '1h': { span: HOUR, step: 10 },
  '6h': { span: 6 * HOUR, step: 60 },
  '24h': { span: 24 * HOUR, step: 60 },
  '7d': { span: 7 * 24 * HOUR, step: 900 },
  '30d': { span: 30 * 24 * HOUR, step: 900 },
} as const satisfies Record<string, { span: number; step: Step }>;
export type HistoryRange = keyof typeof RANGES;

const Column = (description: string) => Type.Array(Type.Union([Type.Number(), Type.Null()]), { description });

/** Columns of equal length, as charts take them. Null is a gap: nothing was measured. */
export const LinkHistoryColumns = Type.Object({
  peer: Type.Integer(),
  resolution_s: Type.Integer({ description: 'Length of a slot' }),
  at: Type.Array(Type.Integer({ description: 'Begin of the slot, Unix milliseconds' })),
  rtt_ms: Column('Average'),
  rtt_min_ms: Column('Smallest'),
  rtt_max_ms: Column('Largest'),
  jitter_ms: Column('Average'),
  loss: Column('Share of lost probes, 0 to 1'),
  up: Column('Share of the time that the link was up, 0 to 1'),
});
export type LinkHistoryColumns = Static<typeof LinkHistoryColumns>;

/** One link of one observation. */
export interface LinkSample {
  readonly peer: number;
  readonly state: LinkState;
  readonly probe: ProbeReading;
}

/** Remembers how links were, from every observation, in slots of ten seconds and coarser. */
export class LinkHistory {
  readonly #store: HistoryStore;
  readonly #now: () => number;
  readonly #gatherers = new Map<number, SlotGatherer>();
  #waiting: HistoryRow[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Database, now: () => number = Date.now) {
    this.#store = new HistoryStore(db);
    this.#now = now;
  }

  start(): void {
    this.#timer = every(WRITE_MS, 'link history', () => this.flush());
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.flush();
  }

  note(links: readonly LinkSample[]): void {
    const now = this.#now();
    for (const { peer, state, probe } of links) {
      const gatherer = this.#gatherers.get(peer) ?? new SlotGatherer(peer, FINEST * 1000);
      this.#gatherers.set(peer, gatherer);
      this.#waiting.push(...gatherer.note(state, probe, now));
    }
  }

  flush(): void {
    const now = this.#now();
    for (const gatherer of this.#gatherers.values()) this.#waiting.push(...gatherer.close(now));
    const rows = this.#waiting;
    this.#waiting = [];
    try {
      if (rows.length > 0) this.#store.write(rows, now / 1000);
    } catch (error) {
      // A full disk costs a minute of history and nothing else.
      console.error('link history:', error);
    }
  }

  read(peer: number, range: HistoryRange): LinkHistoryColumns {
    const { span, step } = RANGES[range];
    const last = slotOf(this.#now() / 1000, step);
    const first = last - span + step;
    const rows = this.#store.read(step, peer, first, last);
    if (step === FINEST) rows.push(...this.#waiting.filter((row) => row.peer === peer));
    const bySlot = new Map(rows.map((row) => [row.at, row]));
    const slots = Array.from({ length: span / step }, (_, index) => first + index * step);
    // The slot that is still open is no gap.
    if (!bySlot.has(last)) slots.pop();
    const column = (key: Exclude<keyof HistoryRow, 'peer' | 'at'>, unit: number) =>
      slots.map((at) => {
        const value = bySlot.get(at)?.[key] ?? null;
        return value === null ? null : value / unit;
      });
    return {
      peer,
      resolution_s: step,
      at: slots.map((at) => at * 1000),
      rtt_ms: column('rtt', 1000),
      rtt_min_ms: column('rtt_min', 1000),
      rtt_max_ms: column('rtt_max', 1000),
      jitter_ms: column('jitter', 1000),
      loss: column('loss', 10_000),
      up: column('up', 10_000),
    };
  }
}

/** The links of the latest observation, as far as they are meant to be there. */
export function linkSamples(mesh: Pick<Mesh, 'desired' | 'observed' | 'watchOf'>): LinkSample[] {
  const { desired, observed } = mesh;
  return (observed?.links ?? []).flatMap(({ peer, probe }) => {
    const isWanted = desired?.links.some((link) => link.peer === peer) ?? false;
    return isWanted ? [{ peer, probe, state: mesh.watchOf(peer).state ?? 'down' }] : [];
  });
}

import type { ObservedLink } from '../desired/observed.ts';
import type { HistoryRow } from './history-store.ts';
import type { LinkState } from './mesh-status.ts';

/** A longer silence than this between two observations is "not known" and neither up nor down. */
const MAX_GAP_MS = 10_000;

interface Mean {
  sum: number;
  count: number;
}

export type ProbeReading = Pick<ObservedLink['probe'], 'rttMs' | 'jitterMs' | 'loss'>;

/** Gathers what is observed of one link into slots of equal length. Up-time is weighed by time, readings by number. */
export class SlotGatherer {
  readonly #peer: number;
  readonly #stepMs: number;
  #slot = 0;
  #rtt: number[] = [];
  #jitter: Mean = { sum: 0, count: 0 };
  #loss: Mean = { sum: 0, count: 0 };
  #upMs = 0;
  #knownMs = 0;
  #last: { at: number; up: boolean } | null = null;

  constructor(peer: number, stepMs: number) {
    this.#peer = peer;
    this.#stepMs = stepMs;
  }

  /** Takes one observation; returns the slots that it completes. */
  note(state: LinkState, probe: ProbeReading, now: number): HistoryRow[] {
    const done = this.close(now);
    const up = state !== 'down';
    this.#last = { at: now, up };
    if (up && probe.rttMs !== null) this.#rtt.push(probe.rttMs);
    if (up && probe.jitterMs !== null) add(this.#jitter, probe.jitterMs);
    if (probe.loss !== null) add(this.#loss, probe.loss);
    return done;
  }

  /** Counts the time until `now` and returns the slot that is over by then, if there is one. */
  close(now: number): HistoryRow[] {
    const slot = Math.floor(now / this.#stepMs) * this.#stepMs;
    const silence = this.#last ? now - this.#last.at : 0;
    if (silence < 0 || silence > MAX_GAP_MS) this.#last = null;
    if (slot === this.#slot) {
      this.#count(now);
      return [];
    }
    this.#count(Math.min(now, this.#slot + this.#stepMs));
    const row = this.#knownMs > 0 ? [this.#row()] : [];
    this.#slot = slot;
    this.#rtt = [];
    this.#jitter = { sum: 0, count: 0 };
    this.#loss = { sum: 0, count: 0 };
    this.#upMs = 0;
    this.#knownMs = 0;
    this.#count(now);
    return row;
  }

  #count(until: number): void {
    const last = this.#last;
    if (!last) return;
    const span = until - last.at;
    this.#knownMs += span;
    if (last.up) this.#upMs += span;
    this.#last = { ...last, at: until };
  }

  #row(): HistoryRow {
    const rtt = { sum: this.#rtt.reduce((sum, value) => sum + value, 0), count: this.#rtt.length };
    const micro = (value: number) => Math.round(value * 1000);
    return {
      peer: this.#peer,
      at: this.#slot / 1000,
      rtt_min: rtt.count > 0 ? micro(Math.min(...this.#rtt)) : null,
      rtt: mean(rtt, 1000),
      rtt_max: rtt.count > 0 ? micro(Math.max(...this.#rtt)) : null,
      jitter: mean(this.#jitter, 1000),
      loss: mean(this.#loss, 10_000),
      up: Math.round((this.#upMs / this.#knownMs) * 10_000),
    };
  }
}

function add(mean: Mean, value: number): void {
  mean.sum += value;
  mean.count++;
}

function mean({ sum, count }: Mean, unit: number): number | null {
  return count === 0 ? null : Math.round((sum / count) * unit);
}

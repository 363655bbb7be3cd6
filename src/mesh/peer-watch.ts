import type { ObservedLink } from '../desired/observed.ts';
import type { BfdTiming } from '../desired/state.ts';
import { ageOf } from '../observe/age.ts';
import {
  type BfdChoice,
  type BfdProfile,
  chooseBfd,
  FIXED_PROFILES,
  initialChoice,
} from '../observe/bfd-choice.ts';
import { type JudgedState, judge } from '../observe/link-truth.ts';
import { MIN_SAMPLES } from '../observe/why.ts';
import type { Hello } from './hello.ts';

const FLAP_MEMORY_MS = 600_000;
/** A link that goes down again this soon after it came up flaps; one that held longer simply failed again. */
const SHORT_UP_MS = 5000;
/** A link that is back this soon was not dark. */
const FALSE_ALARM_MS = 2000;
const ALARMS_KEPT = 32;
/** A pinned link is let loose again after this long without a sign of the second machine. */
const PIN_MS = 600_000;

export interface LinkChange {
  readonly state: JudgedState;
  /** Unix milliseconds. */
  readonly at: number;
}

/** What is remembered about one peer between observations: since when, how often down, which BFD setting. */
export class PeerWatch {
  readonly peer: number;
  state: JudgedState | null = null;
  since: number | null = null;
  hello: Hello | null = null;
  helloAt = 0;
  #choice: BfdChoice;
  #flaps: number[] = [];
  #alarms: number[] = [];
  #upSince: number | null = null;
  /** Whether it had been up for some time when it went down last. */
  #hadHeld = false;
  #clashAt = 0;
  #lostAt: number | null = null;

  constructor(peer: number, links: number, now: number) {
    this.peer = peer;
    this.#choice = initialChoice(links, now);
  }

  /** BFD lost the far side just now, which may be over before anybody looks. */
  lose(now: number): void {
    this.#lostAt = now;
  }

  /**
   * Takes in an observation that was asked for at `asked`; returns what has changed and is worth telling: two changes when
   * the link was down for so short a time that no observation could show it.
   */
  see(link: ObservedLink, now: number, asked: number = now): LinkChange[] {
    const state = judge(link, this.peer);
    const lostAt = this.#lostAt !== null && this.#lostAt <= asked ? this.#lostAt : null;
    if (lostAt !== null) this.#lostAt = null;
    const wasMissed = lostAt !== null && state !== 'down' && this.state !== 'down';
    const entered = [
      ...(wasMissed ? [this.#enter('down', link, lostAt)] : []),
      this.#enter(state, link, now),
    ];
    return entered.filter((one) => one !== null);
  }

  /** Null when the state is the same, or the change not worth telling. */
  #enter(state: JudgedState, link: ObservedLink, now: number): LinkChange | null {
    if (state === this.state) return null;
    const isFirst = this.state === null;
    const isVisible = !isFirst || state !== 'down';
    if (state === 'down' && this.#upSince !== null) {
      this.#hadHeld = ageOf(this.#upSince, now) >= SHORT_UP_MS;
      if (!this.#hadHeld) this.#flaps = [...this.#flaps.filter((at) => ageOf(at, now) < FLAP_MEMORY_MS), now];
    }
    // A link that comes up for the first time was not up before: how soon it did says nothing of alarms. Nor does one that
    // had not held: a way that heals may come back in two steps, and an outage must not make detection slower for a day.
    if (
      this.#hadHeld &&
      this.state === 'down' &&
      state !== 'down' &&
      this.since !== null &&
      ageOf(this.since, now) < FALSE_ALARM_MS
    ) {
      this.#alarms = [...this.#alarms, now].slice(-ALARMS_KEPT);
    }
    this.#upSince = state === 'down' ? null : (this.#upSince ?? now);
    this.since = isFirst ? (link.bfd.state === 'Up' ? link.bfd.since : now) : now;
    this.state = state;
    return isVisible ? { state, at: now } : null;
  }

  /** One evaluation of `auto`; true when the data plane has to follow. */
  evaluate(link: ObservedLink, machine: { cpuIdle: number; links: number }, now: number): boolean {
    const before = this.#choice;
    const isProven = link.probe.windowWhileUp >= MIN_SAMPLES;
    const loss = isProven ? link.probe.lossWhileUp : null;
    const jitterMs = isProven ? link.probe.jitterMs : null;
    const up = link.bfd.state === 'Up';
    const past = { flaps: this.#flaps, alarms: this.#alarms };
    this.#choice = chooseBfd(before, { loss, jitterMs, ...machine, ...past, up }, now);
    return (
      before.avoid !== this.#choice.avoid ||
      before.timing.intervalMs !== this.#choice.timing.intervalMs ||
      before.timing.multiplier !== this.#choice.timing.multiplier
    );
  }

  timing(profile: BfdProfile): BfdTiming {
    return profile === 'auto' ? this.#choice.timing : FIXED_PROFILES[profile];
  }

  /** Loss and flapping steer traffic under every profile; only the timing is the operator's to fix. */
  get avoid(): boolean {
    return this.#choice.avoid;
  }

  /** Tells of two machines under this id; true when that is news. */
  reportClash(now: number): boolean {
    const isNew = !this.clashes(now);
    this.#clashAt = now;
    return isNew;
  }

  clashes(now: number): boolean {
    return this.#clashAt > 0 && ageOf(this.#clashAt, now) < PIN_MS;
  }
}

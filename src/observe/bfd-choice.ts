import type { BfdTiming } from '../desired/state.ts';
import { steadyMultiplier } from '../topology/bfd-timing.ts';
import { ageOf } from './age.ts';

export type BfdProfile = 'auto' | 'fast' | 'lan' | 'wan';

/** Worst-case detection is interval x multiplier: 30, 60 and 500 ms. */
export const FIXED_PROFILES: Readonly<Record<Exclude<BfdProfile, 'auto'>, BfdTiming>> = {
  fast: { intervalMs: 10, multiplier: 3 },
  lan: { intervalMs: 20, multiplier: 3 },
  wan: { intervalMs: 100, multiplier: 5 },
};

/**
 * 10 ms in small topologies, where the few sessions cost little: a dark link is then noticed within 60 ms. A session at 10 ms
 * takes about 5 % of a core with userspace WireGuard, at 20 ms 2.5 %.
 */
const TIERS = [10, 20, 50, 100] as const;
const VERY_FEW_LINKS = 2;
const FEW_LINKS = 4;
const MONTH_MS = 30 * 24 * 3600 * 1000;
const MAX_MULTIPLIER = 20;
/** Below this idle share the machine gets a slower tier; above the other one it may go back. Far apart on purpose. */
export const CPU_SHORT = 0.2;
const CPU_BUSY = 0.5;
export const CPU_PLENTY = 0.65;
/** A link goes back to a faster setting only after this long without any reason against it. */
export const CALM_MS = 120_000;
/** Each false alarm costs so much more for a day; after some the link also sends less. Real outages last longer than two seconds. */
const ALARM_MS = 20;
const ALARM_MEMORY_MS = 24 * 3600_000;
const MANY_ALARMS = 4;
/** From this loss on, traffic takes a way round the link, until loss is below the second figure. */
const AVOID_ABOVE = 0.1;
const AVOID_BELOW = 0.02;
const FLAP_MEMORY_MS = 300_000;

export interface LinkQuality {
  /** Share of lost probes, 0..1; null while nothing was measured. */
  readonly loss: number | null;
  readonly jitterMs: number | null;
  readonly cpuIdle: number;
  /** Times (Unix milliseconds) at which the link went down again right after it had come up. */
  readonly flaps: readonly number[];
  /** Times at which the link was back so soon after it had gone down that nothing can have been wrong with it. */
  readonly alarms: readonly number[];
  readonly up: boolean;
  /** How many links this controller has. */
  readonly links: number;
}

export interface BfdChoice {
  readonly timing: BfdTiming;
  readonly avoid: boolean;
  /** Remembered loss: it rises at once and fades slowly, so a link is not trusted again too early. */
  readonly loss: number;
  /** Since when nothing spoke against a faster setting. */
  readonly calmSince: number;
}

/**
 * Where a link begins: a mesh that is being set up is busy, and a link earns its faster setting by staying calm. Whether
 * the machine has time for more is known only after a while: five controllers on two cores have none at 10 ms.
 */
export function initialChoice(links: number, now: number): BfdChoice {
  const intervalMs = links <= VERY_FEW_LINKS ? 10 : links <= FEW_LINKS ? 20 : 100;
  return {
    timing: { intervalMs, multiplier: steadyMultiplier(intervalMs) + 1 },
    avoid: false,
    loss: 0,
    calmSince: now,
  };
}

/**
 * The next setting of one link under `auto`. Slower at once when the measurements ask for it, faster again only one
 * step at a time after two calm minutes. Pure: time comes in as a number.
 */
export function chooseBfd(before: BfdChoice, quality: LinkQuality, now: number): BfdChoice {
  const measured = quality.up ? (quality.loss ?? 0) : before.loss;
  const loss = Math.max(measured, before.loss * 0.98);
  const alarms = quality.alarms.filter((at) => ageOf(at, now) < ALARM_MEMORY_MS).length;
  const wanted = intervalFor(before.timing.intervalMs, quality, alarms);
  const multiplierAt = (intervalMs: number) =>
    Math.min(
      MAX_MULTIPLIER,
      Math.max(
        multiplierFor(intervalMs, loss),
        cautiousMultiplier(intervalMs, before, quality) + Math.ceil((alarms * ALARM_MS) / intervalMs),
      ),
    );
  const slower = Math.max(wanted, before.timing.intervalMs);
  const isSlower = slower > before.timing.intervalMs || multiplierAt(slower) > before.timing.multiplier;
  const calmSince = isSlower ? now : before.calmSince;
  const isCalm = ageOf(calmSince, now) >= CALM_MS;
  const timing = isSlower
    ? { intervalMs: slower, multiplier: multiplierAt(slower) }
    : isCalm
      ? { intervalMs: wanted, multiplier: Math.max(multiplierAt(wanted), before.timing.multiplier - 1) }
      : before.timing;
  const stepped = !isSlower && isCalm && !sameTiming(timing, before.timing);
  return {
    timing,
    loss,
    avoid: shouldAvoid(before, quality, measured, now),
    calmSince: stepped ? now : calmSince,
  };
}

/** Few sessions are not what a machine is short of; those of a large topology may be, above all without kernel WireGuard. */
function slowestForCpu(links: number): number {
  return links <= FEW_LINKS ? 50 : 100;
}

function fastestTier(links: number): number {
  return links <= FEW_LINKS ? TIERS[0] : TIERS[1];
}

/** One packet more on a busy machine than on one with time to spare; in between it stays as it was. */
function cautiousMultiplier(intervalMs: number, { timing }: BfdChoice, { cpuIdle }: LinkQuality): number {
  const steady = steadyMultiplier(intervalMs);
  if (cpuIdle > CPU_PLENTY) return steady;
  const hasMore = timing.intervalMs === intervalMs && timing.multiplier > steady;
  return cpuIdle < CPU_BUSY || hasMore ? steady + 1 : steady;
}

function intervalFor(current: number, { jitterMs, cpuIdle, links }: LinkQuality, alarms: number): number {
  const forJitter = TIERS.find((tier) => (jitterMs ?? 0) * 3 <= tier) ?? 100;
  const index = TIERS.indexOf(current as (typeof TIERS)[number]);
  const forCpu =
    cpuIdle < CPU_SHORT
      ? Math.max(50, TIERS[index + 1] ?? current)
      : cpuIdle > CPU_PLENTY
        ? TIERS[Math.max(0, index - 1)]!
        : current;
  return Math.max(
    forJitter,
    Math.min(forCpu, slowestForCpu(links)),
    alarms >= MANY_ALARMS ? TIERS[1] : fastestTier(links),
  );
}

/**
 * The multiplier with which independent loss takes the session down less than once a month: a direction fails when
 * `m` packets in a row are lost, and a month has `month / interval` of them in each of two directions.
 */
export function multiplierFor(intervalMs: number, loss: number): number {
  const steady = steadyMultiplier(intervalMs);
  if (loss <= 0) return steady;
  const packets = (2 * MONTH_MS) / intervalMs;
  const needed = Math.ceil(Math.log(packets) / Math.log(1 / Math.min(loss, 0.9)));
  return Math.min(MAX_MULTIPLIER, Math.max(steady, needed));
}

function shouldAvoid(before: BfdChoice, quality: LinkQuality, loss: number, now: number): boolean {
  const recent = quality.flaps.filter((at) => ageOf(at, now) < FLAP_MEMORY_MS);
  const flapping = recent.length >= 2 && ageOf(recent.at(-1)!, now) < 60_000;
  if (loss >= AVOID_ABOVE || flapping) return true;
  return before.avoid && loss >= AVOID_BELOW;
}

export function sameTiming(a: BfdTiming, b: BfdTiming): boolean {
  return a.intervalMs === b.intervalMs && a.multiplier === b.multiplier;
}

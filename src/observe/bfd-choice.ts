import type { BfdTiming } from '../desired/state.ts';

export type BfdProfile = 'auto' | 'fast' | 'lan' | 'wan';

/** Worst-case detection is interval x multiplier: 30, 60 and 500 ms. */
export const FIXED_PROFILES: Readonly<Record<Exclude<BfdProfile, 'auto'>, BfdTiming>> = {
  fast: { intervalMs: 10, multiplier: 3 },
  lan: { intervalMs: 20, multiplier: 3 },
  wan: { intervalMs: 100, multiplier: 5 },
};

/**
 * 15 ms in small topologies, where the few sessions cost little: a dark link is then noticed within 45 ms, which
 * keeps the gap below 60 ms with some room. A session at 15 ms takes about 3.3 % of a core, at 20 ms 2.5 %.
 */
const TIERS = [15, 20, 50, 100] as const;
const FEW_LINKS = 4;
const MIN_MULTIPLIER = 3;
const MONTH_MS = 30 * 24 * 3600 * 1000;
const MAX_MULTIPLIER = 20;
/** Below this idle share the machine gets a slower tier; above the other one it may go back. Far apart on purpose. */
const CPU_SHORT = 0.2;
const CPU_PLENTY = 0.75;
/** A link goes back to a faster setting only after this long without any reason against it. */
const CALM_MS = 120_000;
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

export function initialChoice(links: number, now: number): BfdChoice {
  return {
    timing: { intervalMs: fastestTier(links), multiplier: MIN_MULTIPLIER },
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
  const wantedInterval = intervalFor(before.timing.intervalMs, quality);
  const wantedMultiplier = multiplierFor(wantedInterval, loss);
  const isSlower = wantedInterval > before.timing.intervalMs || wantedMultiplier > before.timing.multiplier;
  const calmSince = isSlower ? now : before.calmSince;
  const isCalm = now - calmSince >= CALM_MS;
  const timing = isSlower
    ? {
        intervalMs: Math.max(wantedInterval, before.timing.intervalMs),
        multiplier: Math.max(wantedMultiplier, before.timing.multiplier),
      }
    : isCalm
      ? { intervalMs: wantedInterval, multiplier: Math.max(wantedMultiplier, before.timing.multiplier - 1) }
      : before.timing;
  const stepped = !isSlower && isCalm && !sameTiming(timing, before.timing);
  return {
    timing,
    loss,
    avoid: shouldAvoid(before, quality, measured, now),
    calmSince: stepped ? now : calmSince,
  };
}

function fastestTier(links: number): number {
  return links <= FEW_LINKS ? TIERS[0] : TIERS[1];
}

function intervalFor(current: number, { jitterMs, cpuIdle, links }: LinkQuality): number {
  const forJitter = TIERS.find((tier) => (jitterMs ?? 0) * 3 <= tier) ?? 100;
  const index = TIERS.indexOf(current as (typeof TIERS)[number]);
  const forCpu =
    cpuIdle < CPU_SHORT
      ? Math.max(50, current)
      : cpuIdle > CPU_PLENTY
        ? TIERS[Math.max(0, index - 1)]!
        : current;
  return Math.max(forJitter, Math.min(forCpu, 50), fastestTier(links));
}

/**
 * The multiplier with which independent loss takes the session down less than once a month: a direction fails when
 * `m` packets in a row are lost, and a month has `month / interval` of them in each of two directions.
 */
export function multiplierFor(intervalMs: number, loss: number): number {
  if (loss <= 0) return MIN_MULTIPLIER;
  const packets = (2 * MONTH_MS) / intervalMs;
  const needed = Math.ceil(Math.log(packets) / Math.log(1 / Math.min(loss, 0.9)));
  return Math.min(MAX_MULTIPLIER, Math.max(MIN_MULTIPLIER, needed));
}

function shouldAvoid(before: BfdChoice, quality: LinkQuality, loss: number, now: number): boolean {
  const recent = quality.flaps.filter((at) => now - at < FLAP_MEMORY_MS);
  const flapping = recent.length >= 2 && now - recent.at(-1)! < 60_000;
  if (loss >= AVOID_ABOVE || flapping) return true;
  return before.avoid && loss >= AVOID_BELOW;
}

export function sameTiming(a: BfdTiming, b: BfdTiming): boolean {
  return a.intervalMs === b.intervalMs && a.multiplier === b.multiplier;
}

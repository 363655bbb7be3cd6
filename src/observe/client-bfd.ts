import { CLIENT_INTERVAL_MS } from '../topology/bfd-timing.ts';
import { ageOf } from './age.ts';
import { CALM_MS, CPU_PLENTY, CPU_SHORT } from './bfd-choice.ts';

/** In ms; how many packets in a row are a failure is told by `steadyMultiplier`. */
const TIERS = [CLIENT_INTERVAL_MS, 50, 100] as const;

/**
 * How quickly a controller and its HA clients notice that the other is gone. One figure for all of its clients, since what speaks
 * against a quick one is the controller's CPU, above all without kernel WireGuard: a hundred sessions that starve look like a
 * hundred clients that died. A client asks for 15 ms always, and the slower of the two ends holds.
 */
export interface ClientBfd {
  readonly intervalMs: number;
  /** Since when nothing spoke against a quicker one. */
  readonly calmSince: number;
}

export function initialClientBfd(now: number): ClientBfd {
  return { intervalMs: TIERS[0], calmSince: now };
}

/** Slower at once, quicker one step at a time after two calm minutes. Pure: time comes in as a number. */
export function chooseClientBfd(before: ClientBfd, cpuIdle: number, now: number): ClientBfd {
  const index = TIERS.findIndex((tier) => tier >= before.intervalMs);
  if (cpuIdle < CPU_SHORT) return { intervalMs: TIERS[index + 1] ?? before.intervalMs, calmSince: now };
  if (cpuIdle < CPU_PLENTY) return { ...before, calmSince: now };
  if (index === 0 || ageOf(before.calmSince, now) < CALM_MS) return before;
  return { intervalMs: TIERS[index - 1]!, calmSince: now };
}

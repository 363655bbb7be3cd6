import { type Effects, isSame, type Pair } from './fault.ts';
import { hasWay, isConcerned } from './ways.ts';

/** What the machine is allowed beyond what the design says, for the whole of routing, kernel and probe. */
const SLACK_MS = 150;
/** How long a pair may wait whose way nothing happened to: what a scheduler with two cores does to a probe. */
const UNTOUCHED_MS = 150;
/** Until a lossy or slow link is left alone, traffic stays on it: BFD's slowest setting is 15 x 100 ms. */
const POOR_MS = 2000;

/**
 * The longest silence that a pair may have which has a way all the time. `detectionMs` is what status shows as time in
 * force when the fault begins: `auto` makes it 60 ms on a calm machine and more on one that was hurt before.
 */
export function allowedGapMs(
  pair: Pair,
  effects: Effects,
  detectionMs: number,
  intervalMs: number,
  size: number,
): number {
  if (!isConcerned(pair, effects)) return UNTOUCHED_MS + intervalMs;
  const { dark = [], poor = [], restarting = [], rebuilt = [], repairMs = 0 } = effects;
  const waits =
    restarting.some((id) => pair.includes(id)) ||
    !hasWay(pair, size, { ...effects, dark: [...dark, ...rebuilt] });
  const poorMs = poor.some((link) => isSame(link, pair)) ? POOR_MS : 0;
  return detectionMs + SLACK_MS + intervalMs + Math.max(waits ? repairMs : 0, poorMs);
}

/** How long a pair that had no way may take, once the fault is over: BFD and BGP begin anew, or a machine boots. */
export function allowedReturnMs({ off = [] }: Effects, size: number): number {
  return off.length > 0 ? 30_000 + size * 1000 : 5000;
}

/**
 * How long everything may take, from the end of the fault on, until the mesh is as one that never failed. A link that went
 * down again soon after it had come up is left alone until a minute has passed (docs/failure-detection.md, *Avoid*), and
 * cases follow each other faster than that.
 */
export function allowedRecoveryMs({ recoveryMs = 0 }: Effects, size: number): number {
  return Math.max(recoveryMs, 75_000) + size * 1000;
}

/**
 * Since 6.12 Linux lets ordinary processes run up to 50 ms in a second before real-time ones (its fair server). Who was held
 * up for so long sees no packet of anybody, so the packets that may be missing have to last longer than that.
 */
const HOLD_UP_MS = 50;
const MIN_MULTIPLIER = 3;

/** What an HA client asks for: detection within 75 ms. */
export const CLIENT_INTERVAL_MS = 15;

/** The fewest packets in a row whose absence tells of a failure, and not of a process that was held up. */
export function steadyMultiplier(intervalMs: number): number {
  return Math.max(MIN_MULTIPLIER, 1 + Math.ceil(HOLD_UP_MS / intervalMs));
}

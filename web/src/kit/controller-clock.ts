/** What is told on the way may be late by this much without being news about the clock. */
const LATE_MS = 2000;

/**
 * How far the controller's clock is ahead of the browser's, from a time that it told just now. A message that took long
 * makes the clock look slower than it is, so of nearly equal answers the largest is the truest. Null: nothing was told before.
 */
export function clockOffset(known: number | null, told: number, now: number): number {
  const seen = told - now;
  return known !== null && seen <= known && known - seen <= LATE_MS ? known : seen;
}

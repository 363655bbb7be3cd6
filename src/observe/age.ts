/**
 * How many milliseconds ago something was, by the machine's clock. What lies in the future is from before the clock was set
 * back: how long ago it was nobody knows, and it must not count as just now until the clock is there again.
 */
export function ageOf(at: number, now: number): number {
  return at <= now ? now - at : Number.POSITIVE_INFINITY;
}

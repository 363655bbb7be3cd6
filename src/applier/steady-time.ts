/** Two times this close to each other are one: nothing of ours goes away and comes back in it. */
const JITTER_MS = 100;

/**
 * Keeps times of the past as they were told first. BIRD works out anew with each answer when a session changed, from two clocks of
 * which one is adjusted all the time, so that it varies by some milliseconds; whoever compares would see a change where none was.
 */
export class SteadyTimes {
  readonly #told = new Map<string, number>();

  /** `at` and what is returned are Unix milliseconds; `what` names whose time it is. */
  of(what: string, at: number | null): number | null {
    if (at === null) {
      this.#told.delete(what);
      return null;
    }
    const told = this.#told.get(what);
    if (told !== undefined && Math.abs(at - told) < JITTER_MS) return told;
    this.#told.set(what, at);
    return at;
  }
}

/** A seeded source of choices: the same words give the same choices on every machine. */
export class Random {
  #state: number;

  constructor(...words: readonly (string | number)[]) {
    // FNV-1a over the words, so that neighbouring seeds have nothing in common.
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from(words.join('/'))) hash = Math.imul(hash ^ byte, 0x01000193);
    this.#state = hash >>> 0;
  }

  /** From 0 up to and without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number of the range, both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  one<T>(all: readonly T[]): T {
    if (all.length === 0) throw new RangeError('there is nothing to choose from');
    return all[this.whole(0, all.length - 1)]!;
  }

  shuffled<T>(all: readonly T[]): T[] {
    const rest = [...all];
    return all.map(() => rest.splice(this.whole(0, rest.length - 1), 1)[0]!);
  }
}

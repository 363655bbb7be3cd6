import type { Lab } from '../src/lab/lab.ts';
import type { Random } from './random.ts';

export type Pair = readonly [number, number];

/** What a fault takes away while it lasts, as far as the invariants have to know. */
export interface Effects {
  /** Links that carry nothing. */
  readonly dark?: readonly Pair[];
  /** Links that lose, delay or reorder packets, or drop large ones. */
  readonly poor?: readonly Pair[];
  /** Controllers without power. */
  readonly off?: readonly number[];
  /** Controllers that nobody can reach over the mesh although they have power: their BIRD stands still. */
  readonly routeless?: readonly number[];
  /** Controllers whose engines have to come back first: their own traffic waits for them. */
  readonly restarting?: readonly number[];
  /** Links whose tunnel has to come back first. */
  readonly rebuilt?: readonly Pair[];
  /** How long what comes back may take, beyond noticing; traffic that can go round does not wait for it. */
  readonly repairMs?: number;
  /** How long the machine may take until it is as before, when that is longer than usual. */
  readonly recoveryMs?: number;
}

/** One fault with its targets chosen. */
export interface Blow {
  /** `1-2`, `3`, `controller 2`: what it hits, for people. */
  readonly targets: string;
  /** Controllers that it is about; changes are written there meanwhile. */
  readonly at: readonly number[];
  readonly effects: Effects;
  readonly holdMs: number;
  /** A package of the distribution that this machine lacks and the fault needs: it is skipped, and that is said. */
  readonly lacks?: string | null;
  begin(lab: Lab): Promise<void>;
  /** Undoes it. Has to work also when `begin` failed half-way, and when it is called twice. */
  end(lab: Lab): Promise<void>;
}

/** A kind of fault. Choosing is pure, so that a sequence can be listed without a lab. */
export interface Fault {
  readonly name: string;
  /** The smallest topology in which it says anything. */
  readonly minimum: number;
  pick(random: Random, size: number): Blow;
}

export function anyController(random: Random, size: number): number {
  return random.whole(1, size);
}

/** Two different controllers. */
export function anyPair(random: Random, size: number): Pair {
  const [a, b] = random.shuffled(Array.from({ length: size }, (_, index) => index + 1));
  return [a!, b!];
}

export const linksOf = (id: number, size: number): Pair[] =>
  Array.from({ length: size }, (_, index) => index + 1)
    .filter((other) => other !== id)
    .map((other) => [id, other] as const);

export const isSame = ([a, b]: Pair, [c, d]: Pair): boolean => (a === c && b === d) || (a === d && b === c);

export const words = ([a, b]: Pair): string => `${a}-${b}`;

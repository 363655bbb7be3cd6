import type { Lab } from '../src/lab/lab.ts';
import type { Process } from './processes.ts';
import type { Case } from './sequence.ts';
import type { Truth } from './truth.ts';
import type { Membership, Watch } from './watch.ts';

/** What was seen of one case, for the invariants to judge. Times are Unix milliseconds. */
export interface Evidence {
  readonly lab: Lab;
  readonly one: Case;
  readonly watch: Watch;
  readonly membership: Membership;
  /** The fault began, was undone, and all was as before or was given up waiting for. */
  readonly begin: number;
  readonly end: number;
  readonly settled: number;
  readonly detectionMs: number;
  readonly stallMs: number;
  readonly truth: Truth;
  /** What was still different from a mesh that never failed when the time was up; empty: nothing. */
  readonly different: readonly string[];
  /** Acknowledged changes that were still missing when the time was up. */
  readonly missing: readonly string[];
  readonly processesBefore: ReadonlyMap<number, readonly Process[]>;
}

/** Something that has to hold. `check` returns what contradicts it, in words; nothing: it held. */
export interface Invariant {
  readonly name: string;
  check(evidence: Evidence): string[] | Promise<string[]>;
}

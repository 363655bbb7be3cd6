import type { Invariant } from '../evidence.ts';

/** A change that was acknowledged is there afterwards: shared ones everywhere, others where they were made. */
export const nothingLost: Invariant = {
  name: 'no acknowledged change lost',
  check: ({ missing }) => [...missing],
};

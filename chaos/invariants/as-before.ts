import { allowedRecoveryMs } from '../budget.ts';
import type { Invariant } from '../evidence.ts';

const SHOWN = 8;

/** Routes, addresses, nftables and tunnels are those of a mesh that never failed. */
export const asBefore: Invariant = {
  name: 'as if nothing had been',
  check: ({ different, one }) =>
    different.length === 0
      ? []
      : [
          `after ${allowedRecoveryMs(one.blow.effects, one.size) / 1000} s there is still a difference:`,
          ...different.slice(0, SHOWN),
        ],
};

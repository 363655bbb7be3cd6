import { allowedGapMs } from '../budget.ts';
import type { Invariant } from '../evidence.ts';
import { routesTo } from '../tables.ts';

/** A table is read each second, and reading takes a moment. */
const READING_MS = 500;

/** Once its silence must have been noticed, no table leads to a controller that is not there, nor to what only it has. */
export const noRouteToTheDead: Invariant = {
  name: 'no route to the dead',
  check: ({ one, watch, membership, begin, end, detectionMs }) => {
    const { off = [], routeless = [] } = one.blow.effects;
    return [...new Set([...off, ...routeless])].flatMap((dead) => {
      const from = begin + allowedGapMs([dead, 0], one.blow.effects, detectionMs, 0, one.size) + READING_MS;
      const found = watch.snapshots
        .filter(({ at }) => at > from && at < end)
        .flatMap(({ tables }) => routesTo(dead, membership.owned.get(dead) ?? [], tables));
      return [...new Set(found)];
    });
  },
};

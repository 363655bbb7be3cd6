import type { Invariant } from '../evidence.ts';
import { loops } from '../tables.ts';

/**
 * Tables of several controllers are not read at one moment, so a circle counts when two readings in a row show it. Packets
 * that ran in one until their time was up are the other witness, and one of them is enough to be told.
 */
export const noLoop: Invariant = {
  name: 'no loop',
  check: ({ watch, begin, settled }) => {
    const seen = watch.snapshots
      .filter(({ at }) => at >= begin && at <= settled)
      .map(({ tables }) => loops(tables));
    const lasting = seen.flatMap((circles, index) =>
      circles.filter((circle) => seen[index + 1]?.includes(circle)),
    );
    const expired = watch.circles(begin, settled);
    return [
      ...new Set(lasting),
      ...(expired.length > 0 ? [`${expired.length} packets ran in circles: ${expired[0]}`] : []),
    ];
  },
};

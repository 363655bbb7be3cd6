import { allowedGapMs, allowedReturnMs } from '../budget.ts';
import { longestSilence, within } from '../echoes.ts';
import type { Evidence, Invariant } from '../evidence.ts';
import { type Pair, words } from '../fault.ts';
import { allPairs, hasWay } from '../ways.ts';

const round = Math.round;

/** What was measured of a pair: its longest silence while it had a way, and how long its way took to return. */
export interface Connectivity {
  readonly pair: Pair;
  readonly gapMs: number;
  /** How long after the fault had begun. */
  readonly gapAfterMs: number;
  readonly allowedGapMs: number;
  readonly returnMs: number | null;
  readonly allowedReturnMs: number;
}

export function measure({ one, watch, begin, end, settled, detectionMs, stallMs }: Evidence): Connectivity[] {
  const { effects } = one.blow;
  return allPairs(one.size).map((pair) => {
    const echoes = watch.siteEchoes(...pair);
    const keepsWay = hasWay(pair, one.size, effects);
    const first = keepsWay ? null : (within(echoes, end, settled)[0] ?? settled);
    // From the first answer on: what lies before it is the return.
    const gap = longestSilence(echoes, first === null ? begin : first + 1, settled);
    return {
      pair,
      gapMs: gap.ms,
      gapAfterMs: gap.from - begin,
      // What stands still for the machine itself is not the mesh's doing.
      allowedGapMs: allowedGapMs(pair, effects, detectionMs, watch.intervalMs, one.size) + stallMs,
      returnMs: first === null ? null : first - end,
      allowedReturnMs: allowedReturnMs(effects, one.size),
    };
  });
}

/** Every pair that has a way has connectivity again within the budget; the others have it soon after they have a way. */
export const connectivity: Invariant = {
  name: 'connectivity',
  check: (evidence) =>
    measure(evidence).flatMap(({ pair, ...one }) => [
      ...(one.gapMs > one.allowedGapMs
        ? [
            `sites ${words(pair)}: silent for ${round(one.gapMs)} ms after ${round(one.gapAfterMs)} ms, ${round(one.allowedGapMs)} allowed`,
          ]
        : []),
      ...(one.returnMs !== null && one.returnMs > one.allowedReturnMs
        ? [`sites ${words(pair)}: back after ${round(one.returnMs)} ms, ${one.allowedReturnMs} allowed`]
        : []),
    ]),
};

import type { Fault } from '../fault.ts';
import { together } from '../ways.ts';
import { cut } from './cut.ts';
import { stopApplier } from './freeze.ts';
import { killBird, killController } from './kill.ts';
import { loss } from './loss.ts';
import { oneWayCut } from './one-way-cut.ts';
import { powerOff } from './power-off.ts';

const few: readonly Fault[] = [cut, oneWayCut, loss, killController, killBird, stopApplier, powerOff];

/** Two different faults with targets of their own, the second a moment after the first. */
export const twoAtOnce: Fault = {
  name: 'two-at-once',
  minimum: 2,
  pick(random, size) {
    const [first, second] = random.shuffled(few).slice(0, 2) as [Fault, Fault];
    const [a, b] = [first.pick(random, size), second.pick(random, size)];
    return {
      targets: `${first.name} ${a.targets} + ${second.name} ${b.targets}`,
      at: [...new Set([...a.at, ...b.at])],
      effects: together(a.effects, b.effects),
      holdMs: Math.max(a.holdMs, b.holdMs),
      begin: async (lab) => {
        await a.begin(lab);
        // What is to be hit may have lost its power a moment ago.
        await b.begin(lab).catch((error: Error) => {
          if ((a.effects.off ?? []).length === 0) throw error;
        });
      },
      end: async (lab) => {
        await a.end(lab);
        await b.end(lab);
      },
    };
  },
};

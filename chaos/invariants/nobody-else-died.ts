import type { Invariant } from '../evidence.ts';
import { processesOf } from '../processes.ts';

/** Which processes a fault ends by itself, by its name; a power cut ends them all. */
const ended = (faults: string, part: string): boolean =>
  faults.includes(`kill-${part.split(' ')[0]}`) ||
  faults.includes('power-off') ||
  (faults.includes('clock-1h') && ['controller', 'applier'].includes(part));

/** Nothing of a controller dies but what the fault kills. */
export const nobodyElseDied: Invariant = {
  name: 'nobody else died',
  check: ({ lab, one, processesBefore }) =>
    [...processesBefore].flatMap(([id, before]) => {
      const now = new Set(processesOf(lab, id).map(({ pid }) => pid));
      return before
        .filter(({ pid }) => !now.has(pid))
        .filter(({ part }) => !(one.blow.at.includes(id) && ended(`${one.fault} ${one.blow.targets}`, part)))
        .map(({ part }) => `controller ${id}: ${part} is another process now`);
    }),
};

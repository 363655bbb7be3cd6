import { anyPair, type Fault, words } from '../fault.ts';

/** Status forgets a loss with its last sixty probes, one a second, and gives the link its traffic back only then. */
const RECOVERY_MS = 120_000;

/** Three packets of ten are lost in either direction: half of all questions have no answer. */
export const loss: Fault = {
  name: 'loss-30',
  minimum: 2,
  pick(random, size) {
    const pair = anyPair(random, size);
    return {
      targets: words(pair),
      at: [pair[0]],
      effects: { poor: [pair], recoveryMs: RECOVERY_MS },
      holdMs: random.whole(10, 20) * 1000,
      begin: (lab) => lab.loss(...pair, 30),
      end: (lab) => lab.heal(...pair),
    };
  },
};

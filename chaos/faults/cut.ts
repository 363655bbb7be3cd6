import { anyPair, type Fault, words } from '../fault.ts';

/** Nothing passes between two controllers. */
export const cut: Fault = {
  name: 'cut',
  minimum: 2,
  pick(random, size) {
    const pair = anyPair(random, size);
    return {
      targets: words(pair),
      at: [pair[0]],
      effects: { dark: [pair] },
      holdMs: random.whole(5, 12) * 1000,
      begin: (lab) => lab.cut(...pair),
      end: (lab) => lab.heal(...pair),
    };
  },
};

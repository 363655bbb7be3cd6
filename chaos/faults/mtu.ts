import { anyPair, type Fault, words } from '../fault.ts';

/** What carries more than 1280 bytes vanishes, and no ICMP says so: a tunnel's packets are 60 bytes longer than what is inside. */
export const mtu: Fault = {
  name: 'mtu-1280',
  minimum: 2,
  pick(random, size) {
    const pair = anyPair(random, size);
    return {
      targets: words(pair),
      at: [pair[0]],
      effects: { poor: [pair] },
      holdMs: random.whole(8, 15) * 1000,
      begin: (lab) => lab.mtu(...pair, 1280),
      end: (lab) => lab.heal(...pair),
    };
  },
};

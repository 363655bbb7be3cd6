import { anyPair, type Fault } from '../fault.ts';

/** Packets pass in one direction only, which for two that talk is as good as none. */
export const oneWayCut: Fault = {
  name: 'one-way-cut',
  minimum: 2,
  pick(random, size) {
    const [from, to] = anyPair(random, size);
    return {
      targets: `${from}>${to}`,
      at: [from],
      effects: { dark: [[from, to]] },
      holdMs: random.whole(5, 12) * 1000,
      begin: (lab) => lab.cut(from, to, { oneWay: true }),
      end: (lab) => lab.heal(from, to),
    };
  },
};

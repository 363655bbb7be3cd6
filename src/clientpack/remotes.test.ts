import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInt, type Ipv4, parseIpv4, toInt } from '../net/ipv4.ts';
import { ALL_CONTROLLER_IDS } from '../topology/controller-id.ts';
import { remotesFor, type WeightedRemote } from './remotes.ts';

const controllers = (weights: readonly number[]): WeightedRemote[] =>
  weights.map((weight, at) => ({
    id: ALL_CONTROLLER_IDS[at]!,
    host: `192.0.2.${at + 1}`,
    overlayAddress: parseIpv4(`100.127.255.${253 - at}`)!,
    asn: 65001 + at,
    weight,
  }));

const FIRST = toInt(parseIpv4('100.127.255.1')!);
const orders = (weights: readonly number[], clients: number) =>
  Array.from({ length: clients }, (_, at) =>
    remotesFor(fromInt(FIRST + at), controllers(weights)).map(({ id }) => Number(id)),
  );
const count = (values: readonly number[]) =>
  Object.fromEntries([...Map.groupBy(values, (id) => id)].map(([id, all]) => [id, all.length]));

describe('the order of controllers in a pack', () => {
  it('names each controller once, whatever the weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (weights, value) => {
          const order = remotesFor(fromInt(value), controllers(weights)).map(({ id }) => Number(id));
          expect(order.toSorted((a, b) => a - b)).toEqual(weights.map((_, at) => at + 1));
        },
      ),
    );
  });

  it('spreads neighbouring clients evenly, and those of a dead controller over the others', () => {
    for (const n of [2, 3, 5, 10]) {
      const all = orders(Array(n).fill(100), 120);
      for (const hits of Object.values(count(all.map(([first]) => first!)))) expect(hits).toBe(120 / n);
    }
    const orphans = orders([100, 100, 100], 90).filter(([first]) => first === 2);
    expect(count(orphans.map(([, second]) => second!))).toEqual({ 1: 15, 3: 15 });
  });

  it('follows the weights, and leaves weight 0 for the end', () => {
    expect(count(orders([100, 50, 0], 90).map(([first]) => first!))).toEqual({ 1: 60, 2: 30 });
    for (const order of orders([100, 50, 0], 90)) expect(order.at(-1)).toBe(3);
  });

  it('does not depend on the order of its input', () => {
    const some = controllers([100, 30, 7]);
    const address = '100.127.255.9' as Ipv4;
    expect(remotesFor(address, some.toReversed())).toEqual(remotesFor(address, some));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, fromInt, type Ipv4, toInt } from '../net/ipv4.ts';
import { clientAsn, clientLinkAddress, controllerLinkAddress, isClientLink } from './client-link.ts';
import { clientOrder } from './client-order.ts';
import type { ControllerId } from './controller-id.ts';

const overlay = '100.64.0.0/18' as Cidr;
const client = (index: number) => fromInt(toInt('100.64.0.1' as Ipv4) + index);
const shares = (weights: readonly number[], count: number, from: number, place: number) => {
  const controllers = weights.map((weight, id) => ({ id, weight }));
  const counts = weights.map(() => 0);
  for (let index = 0; index < count; index++)
    counts[clientOrder(overlay, client(from + index), controllers)[place]!.id]!++;
  return counts;
};

describe('the order in which clients try controllers', () => {
  it('names every controller once', () => {
    fc.assert(
      fc.property(fc.nat(8000), fc.array(fc.nat(5), { minLength: 1, maxLength: 10 }), (index, weights) => {
        const order = clientOrder(
          overlay,
          client(index),
          weights.map((weight, id) => ({ id, weight })),
        );
        expect(order.map(({ id }) => id).sort((a, b) => a - b)).toEqual(weights.map((_, id) => id));
        const usable = weights.filter((weight) => weight > 0).length;
        expect(order.slice(usable).every(({ weight }) => weight === 0)).toBe(true);
      }),
    );
  });

  it('spreads any run of a hundred neighbours within a fifth, in the first and in the second place', () => {
    for (const from of [0, 37, 2000]) {
      for (const place of [0, 1]) {
        for (const count of shares([1, 1, 1], 100, from, place)) {
          expect(count).toBeGreaterThan(26);
          expect(count).toBeLessThan(41);
        }
      }
    }
  });

  it('follows weights', () => {
    const [one, two, three] = shares([1, 2, 1], 100, 0, 0);
    expect(two).toBeGreaterThan(44);
    expect(two).toBeLessThan(56);
    expect(Math.abs(one! - three!)).toBeLessThan(6);
  });

  it('spreads the clients of a controller that is gone over the others', () => {
    const controllers = [0, 1, 2].map((id) => ({ id, weight: 1 }));
    const orders = Array.from({ length: 150 }, (_, index) =>
      clientOrder(overlay, client(index), controllers),
    );
    const moved = orders.filter(([first]) => first!.id === 0).map(([, second]) => second!.id);
    const toOne = moved.filter((id) => id === 1).length;
    expect(Math.abs(toOne - moved.length / 2)).toBeLessThan(moved.length / 5);
  });
});

describe('the ends of client tunnels', () => {
  it('are told apart for every client of an overlay up to a /19', () => {
    const small = '10.0.0.0/19' as Cidr;
    const all = new Set<string>([1, 2, 10].map((id) => controllerLinkAddress(id as ControllerId)));
    for (let offset = 1; offset < 8170; offset++)
      all.add(clientLinkAddress(small, fromInt(toInt('10.0.0.0' as Ipv4) + offset)));
    expect(all.size).toBe(8169 + 3);
    expect([...all].every((address) => isClientLink(address as Ipv4))).toBe(true);
  });

  it('have one ASN a client', () => {
    expect(clientAsn(overlay, client(0))).not.toBe(clientAsn(overlay, client(1)));
  });
});

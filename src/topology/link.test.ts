import { describe, expect, it } from 'vitest';
import { ALL_CONTROLLER_IDS } from './controller-id.ts';
import { linkAddress } from './link-address.ts';
import { FIRST_LINK_PORT, LAST_LINK_PORT, linkPort } from './link-port.ts';

const pairs = ALL_CONTROLLER_IDS.flatMap((a) =>
  ALL_CONTROLLER_IDS.filter((b) => a !== b).map((b) => [a, b] as const),
);

describe('linkPort', () => {
  it('is the same at both ends and never used twice on one controller', () => {
    for (const [a, b] of pairs) expect(linkPort(a, b)).toBe(linkPort(b, a));
    for (const a of ALL_CONTROLLER_IDS) {
      const ports = ALL_CONTROLLER_IDS.filter((b) => b !== a).map((b) => linkPort(a, b));
      expect(new Set(ports).size).toBe(9);
      expect(Math.min(...ports)).toBe(FIRST_LINK_PORT);
      expect(Math.max(...ports)).toBe(LAST_LINK_PORT);
    }
  });

  it.each([
    [2, 1195],
    [4, 1197],
    [10, 1203],
  ])('needs for %i controllers no port above %i', (count, highest) => {
    const ids = ALL_CONTROLLER_IDS.slice(0, count);
    const ports = ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => linkPort(a, b)));
    expect(Math.max(...ports)).toBe(highest);
  });

  it('refuses a link to itself', () => {
    expect(() => linkPort(ALL_CONTROLLER_IDS[0]!, ALL_CONTROLLER_IDS[0]!)).toThrow(RangeError);
  });
});

describe('linkAddress', () => {
  it('gives each pair a /31 of its own, clear of the metadata service and of the first /30', () => {
    const addresses = pairs.map(([a, b]) => linkAddress(a, b));
    expect(new Set(addresses).size).toBe(90);
    for (const [a, b] of pairs) {
      const [own, other] = [linkAddress(a, b), linkAddress(b, a)].map((text) => Number(text.split('.')[3]));
      expect(own! >> 1).toBe(other! >> 1);
      expect(own).toBeGreaterThanOrEqual(4);
    }
    for (const address of addresses) expect(address).toMatch(/^169\.254\.195\./);
  });
});

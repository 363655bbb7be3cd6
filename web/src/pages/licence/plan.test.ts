import { describe, expect, it } from 'vitest';
import { ranges, stretches, subnetSize } from './plan.ts';

const plan = {
  subnet: '10.9.0.0/28',
  vip: '10.9.0.14',
  controllers: [
    { id: 1, address: '10.9.0.13', asn: 65001 },
    { id: 2, address: '10.9.0.12', asn: 65002 },
  ],
  client_count: 5,
  client_ranges: ['10.9.0.1-10.9.0.4', '10.9.0.6'],
  free: 6,
};

describe('the address plan', () => {
  it('covers the usable part of the subnet exactly once', () => {
    const drawn = stretches(plan);
    expect(drawn.map(({ kind, size }) => [kind, size])).toEqual([
      ['client', 4],
      ['free', 1],
      ['client', 1],
      ['free', 5],
      ['controller', 1],
      ['controller', 1],
      ['vip', 1],
    ]);
    expect(drawn.reduce((sum, { size }) => sum + size, 0)).toBe(subnetSize(plan.subnet) - 2);
    const free = drawn.filter(({ kind }) => kind === 'free').reduce((sum, { size }) => sum + size, 0);
    expect(free).toBe(plan.free);
  });

  it('joins neighbours', () => {
    expect(ranges(['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.4'])).toEqual([
      '10.0.0.254-10.0.1.0',
      '10.0.1.4',
    ]);
    expect(ranges([])).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import { roundTrips } from './fping.ts';

it('reads every round trip and leaves silence out', () => {
  expect(roundTrips('10.201.2.10 : 0.52 - 1.7\n')).toEqual([0.52, 1.7]);
  expect(roundTrips('')).toEqual([]);
});

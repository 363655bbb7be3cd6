import { expect, it } from 'vitest';
import { SteadyTimes } from './steady-time.ts';

it('is not moved by a clock that is adjusted a little all the time', () => {
  const times = new SteadyTimes();
  expect([1000, 1001, 999, 1090, 1000].map((at) => times.of('mw2', at))).toEqual([
    1000, 1000, 1000, 1000, 1000,
  ]);
});

it('follows a change, and a clock that was set', () => {
  const times = new SteadyTimes();
  expect(times.of('mw2', 1000)).toBe(1000);
  expect(times.of('mw3', 1001)).toBe(1001);
  expect(times.of('mw2', 1100)).toBe(1100);
  expect(times.of('mw2', 3_601_100)).toBe(3_601_100);
  expect(times.of('mw2', null)).toBeNull();
  expect(times.of('mw2', 3_601_101)).toBe(3_601_101);
});

import { expect, it } from 'vitest';
import { ageOf } from './age.ts';

it('tells how long ago something was', () => {
  expect(ageOf(1000, 1000)).toBe(0);
  expect(ageOf(1000, 4500)).toBe(3500);
});

it('takes what lies in the future for long ago: the clock was set back meanwhile', () => {
  expect(ageOf(3_600_000, 1000)).toBe(Number.POSITIVE_INFINITY);
});

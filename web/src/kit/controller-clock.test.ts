import { expect, it } from 'vitest';
import { clockOffset } from './controller-clock.ts';

it('takes what the controller tells, before or behind the browser', () => {
  expect(clockOffset(null, 90_000, 30_000)).toBe(60_000);
  expect(clockOffset(null, 30_000, 90_000)).toBe(-60_000);
});

it('is not led astray by a message that was late', () => {
  expect(clockOffset(60_000, 90_000, 30_800)).toBe(60_000);
  expect(clockOffset(59_200, 90_000, 30_000)).toBe(60_000);
});

it('follows a clock that was set', () => {
  expect(clockOffset(60_000, 30_000, 30_000)).toBe(0);
  expect(clockOffset(0, 90_000, 30_000)).toBe(60_000);
});

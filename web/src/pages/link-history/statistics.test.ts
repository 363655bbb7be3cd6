import { expect, it } from 'vitest';
import { average, largest, spansOf } from './statistics.ts';

it('leaves gaps out', () => {
  expect(average([2, null, 4])).toBe(3);
  expect(average([null])).toBeNull();
  expect(largest([null, 3, 1])).toBe(3);
  expect(largest([])).toBeNull();
});

it('joins slots of one state', () => {
  expect(spansOf([0, 10, 20, 30, 40, 50], [null, 1, 1, 0.4, 0, 0])).toEqual([
    { state: 'unknown', from: 0, slots: 1 },
    { state: 'up', from: 10, slots: 2 },
    { state: 'partly', from: 30, slots: 1 },
    { state: 'down', from: 40, slots: 2 },
  ]);
});

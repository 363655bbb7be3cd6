import { expect, it } from 'vitest';
import { sparklinePath } from './sparkline-path.ts';

it('draws nothing of too little', () => {
  expect(sparklinePath([], 60, 20)).toBe('');
  expect(sparklinePath([4, null], 60, 20)).toBe('');
});

it('keeps gaps and stays inside', () => {
  const path = sparklinePath([1, 2, null, 9, 4], 60, 20);
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path.match(/L/g)).toHaveLength(2);
  const ys = [...path.matchAll(/ ([\d.]+)/g)].map((match) => Number(match[1]));
  expect(Math.min(...ys)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...ys)).toBeLessThanOrEqual(20);
});

it('draws a steady value as a level line', () => {
  const ys = [...sparklinePath([5, 5, 5], 60, 20).matchAll(/ ([\d.]+)/g)].map((match) => match[1]);
  expect(new Set(ys).size).toBe(1);
});

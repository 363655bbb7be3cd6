import { expect, it } from 'vitest';
import { weightOf } from './weight.ts';

it('an empty field is no weight, and above all not the weight 0', () => {
  expect(weightOf('')).toBeNull();
  expect(weightOf(' ')).toBeNull();
  expect(weightOf('-')).toBeNull();
  expect(weightOf('0')).toBe(0);
});

it('what was typed or stepped to is one, up to the largest', () => {
  expect(weightOf(7)).toBe(7);
  expect(weightOf('007')).toBe(7);
  expect(weightOf(1000)).toBe(100);
});

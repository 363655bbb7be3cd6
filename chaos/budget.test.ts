import { describe, expect, it } from 'vitest';
import { allowedGapMs, allowedRecoveryMs, allowedReturnMs } from './budget.ts';

describe('allowedGapMs', () => {
  it('follows detection where the way is concerned, and is short elsewhere', () => {
    expect(allowedGapMs([1, 2], { dark: [[1, 2]] }, 80, 20, 3)).toBe(250);
    expect(allowedGapMs([1, 3], { dark: [[1, 2]] }, 80, 20, 3)).toBe(170);
  });

  it('waits for engines that come back', () => {
    expect(allowedGapMs([1, 2], { restarting: [2], repairMs: 1000 }, 80, 20, 3)).toBe(1250);
  });

  it('waits for a tunnel only where nothing leads round it', () => {
    expect(allowedGapMs([1, 2], { rebuilt: [[1, 2]], repairMs: 1500 }, 80, 20, 3)).toBe(250);
    expect(allowedGapMs([1, 2], { rebuilt: [[1, 2]], repairMs: 1500 }, 80, 20, 2)).toBe(1750);
  });

  it('bears with a lossy link', () => {
    expect(allowedGapMs([1, 2], { poor: [[2, 1]] }, 80, 20, 3)).toBe(2250);
  });
});

it('waits out the minute in which a link that flapped is left alone', () => {
  expect(allowedRecoveryMs({}, 3)).toBe(78_000);
  expect(allowedRecoveryMs({ recoveryMs: 120_000 }, 3)).toBe(123_000);
});

it('gives a machine that boots more time to return than a link', () => {
  expect(allowedReturnMs({ off: [1] }, 3)).toBe(33_000);
  expect(allowedReturnMs({ dark: [[1, 2]] }, 3)).toBe(5000);
});

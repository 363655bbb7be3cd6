import { describe, expect, it } from 'vitest';
import { allowedGapMs, allowedRecoveryMs } from './budget.ts';

describe('allowedGapMs', () => {
  it('follows detection where the way is concerned, and is short elsewhere', () => {
    expect(allowedGapMs([1, 2], { dark: [[1, 2]] }, 80, 20)).toBe(250);
    expect(allowedGapMs([1, 3], { dark: [[1, 2]] }, 80, 20)).toBe(170);
  });

  it('waits for engines that come back', () => {
    expect(allowedGapMs([1, 2], { restarting: [2], repairMs: 1000 }, 80, 20)).toBe(1250);
  });

  it('bears with a lossy link', () => {
    expect(allowedGapMs([1, 2], { poor: [[2, 1]] }, 80, 20)).toBe(2250);
  });
});

it('gives a machine that boots a minute, and others half of one', () => {
  expect(allowedRecoveryMs({ off: [1] }, 3)).toBe(63_000);
  expect(allowedRecoveryMs({}, 3)).toBe(33_000);
  expect(allowedRecoveryMs({ recoveryMs: 120_000 }, 3)).toBe(123_000);
});

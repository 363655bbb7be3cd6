import { describe, expect, it } from 'vitest';
import { allPairs, hasWay, isConcerned, together } from './ways.ts';

describe('hasWay', () => {
  it('goes round a dark link when there is a third controller', () => {
    expect(hasWay([1, 2], 3, { dark: [[2, 1]] })).toBe(true);
    expect(hasWay([1, 2], 2, { dark: [[1, 2]] })).toBe(false);
  });

  it('knows who is not there', () => {
    expect(hasWay([1, 2], 3, { off: [2] })).toBe(false);
    expect(hasWay([1, 3], 3, { off: [2] })).toBe(true);
    expect(hasWay([1, 2], 3, { routeless: [1] })).toBe(false);
  });

  it('does not go through somebody who is not there', () => {
    expect(hasWay([1, 2], 3, { dark: [[1, 2]], off: [3] })).toBe(false);
  });

  it('goes over two others, and not over three', () => {
    const chain = (size: number) => allPairs(size).filter(([a, b]) => Math.abs(a - b) !== 1);
    expect(hasWay([1, 4], 4, { dark: chain(4) })).toBe(true);
    expect(hasWay([1, 5], 5, { dark: chain(5) })).toBe(false);
  });
});

describe('isConcerned', () => {
  it('is about the direct way and its ends', () => {
    expect(isConcerned([1, 2], { dark: [[2, 1]] })).toBe(true);
    expect(isConcerned([1, 3], { dark: [[2, 1]] })).toBe(false);
    expect(isConcerned([1, 3], { restarting: [3] })).toBe(true);
  });
});

it('takes away with two faults what each of them takes', () => {
  const both = together({ dark: [[1, 2]], repairMs: 100 }, { off: [3], repairMs: 900, recoveryMs: 5 });
  expect(both).toMatchObject({ dark: [[1, 2]], off: [3], repairMs: 1000, recoveryMs: 5 });
});

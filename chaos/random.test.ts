import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

const draw = (random: Random) => Array.from({ length: 20 }, () => random.whole(1, 1000));

describe('Random', () => {
  it('repeats itself with the same words and with no others', () => {
    expect(draw(new Random(7, 3, 1))).toEqual(draw(new Random(7, 3, 1)));
    expect(draw(new Random(7, 3, 1))).not.toEqual(draw(new Random(7, 3, 2)));
    expect(draw(new Random(1))).not.toEqual(draw(new Random(2)));
  });

  it('reaches both ends of a range and nothing beyond', () => {
    const random = new Random('range');
    const seen = new Set(Array.from({ length: 500 }, () => random.whole(3, 6)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6]);
  });

  it('shuffles without losing or doubling', () => {
    const all = [1, 2, 3, 4, 5, 6, 7];
    const shuffled = new Random('cards').shuffled(all);
    expect([...shuffled].sort()).toEqual(all);
    expect(shuffled).not.toEqual(all);
  });

  it('refuses to choose from nothing', () => {
    expect(() => new Random(1).one([])).toThrow(RangeError);
  });
});

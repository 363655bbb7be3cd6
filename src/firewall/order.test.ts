import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from './model.ts';
import { insertAll, insertAt, moveTo, placeOf } from './order.ts';

const rule = (id: string): Rule => ({
  id,
  text: `INPUT -s 10.0.0.${id} -j DROP`,
  comment: '',
  groups: [],
  disabled: false,
  createdAt: 0,
  wanted: null,
});
const ids = (rules: readonly Rule[]) => rules.map(({ id }) => id).join('');
const list = (text: string) => [...text].map(rule);

describe('order of rules', () => {
  it('inserts in front of the rule that has the position', () => {
    expect(ids(insertAt(list('abc'), rule('x'), 0))).toBe('xabc');
    expect(ids(insertAt(list('abc'), rule('x'), 1))).toBe('axbc');
    expect(ids(insertAt(list('abc'), rule('x'), 3))).toBe('abcx');
    expect(ids(insertAt(list('abc'), rule('x'), -1))).toBe('abcx');
    expect(ids(insertAt(list('abc'), rule('x'), 99))).toBe('abcx');
    expect(ids(insertAll(list('ab'), list('xy'), 1))).toBe('axyb');
    expect(ids(moveTo(list('abcd'), 'd', 1))).toBe('adbc');
    expect(ids(moveTo(list('abcd'), 'a', 3))).toBe('bcda');
  });

  it('knows positions among the rules that are enabled', () => {
    const rules = list('abcd').map((each, at) => ({ ...each, disabled: at === 0 || at === 2 }));
    expect([-1, 0, 1, 2, 5].map((position) => placeOf(rules, position))).toEqual([-1, 1, 3, 4, 7]);
  });

  it('ends up sorted, in whatever order parallel clients insert positions 0 to n', () => {
    const permutation = fc
      .integer({ min: 1, max: 10 })
      .chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(permutation, (positions) => {
        const rules = positions.reduce<readonly Rule[]>((all, at) => insertAt(all, rule(String(at)), at), []);
        expect(ids(rules)).toBe([...positions].sort((a, b) => a - b).join(''));
        expect(rules.every(({ wanted }) => wanted === null)).toBe(true);
      }),
    );
  });
});

import { expect, it } from 'vitest';
import { parseRules, rulesText } from './rules-text.ts';

const rules = [
  { rule: 'web -s 10.0.0.0/8 -j ACCEPT', comment: '', disabled: false },
  { rule: 'web ! -i eth0 -j DROP', comment: 'strangers', disabled: true },
];

it('shows rules as lines without their name and reads them back', () => {
  const text = '-s 10.0.0.0/8 -j ACCEPT\n# strangers\noff ! -i eth0 -j DROP';
  expect(rulesText('web', rules)).toBe(text);
  expect(parseRules('web', text)).toEqual(rules);
});

it('gives the rules of a renamed subtable its new name, and leaves what belongs elsewhere', () => {
  expect(parseRules('shop', rulesText('web', rules)).map(({ rule }) => rule)).toEqual([
    'shop -s 10.0.0.0/8 -j ACCEPT',
    'shop ! -i eth0 -j DROP',
  ]);
  expect(parseRules('web', 'INPUT -j DROP')).toEqual([
    { rule: 'INPUT -j DROP', comment: '', disabled: false },
  ]);
});

it('reads nothing from nothing, and a comment of several lines as one', () => {
  expect(parseRules('web', '\n # alone \n')).toEqual([]);
  expect(parseRules('web', '# one\n#\n# two\n -j DROP ')).toEqual([
    { rule: 'web -j DROP', comment: 'one two', disabled: false },
  ]);
});

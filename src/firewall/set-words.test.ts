import { describe, expect, it } from 'vitest';
import { spellOutSets } from './set-words.ts';

const types: Readonly<Record<string, string>> = { office: 'net', web: 'port', api: 'service' };
const spell = (text: string) =>
  spellOutSets(text.split(' '), (name) => (Object.hasOwn(types, name) ? types[name]! : null)).join(' ');

describe('sets in the place of addresses', () => {
  it.each([
    ['-s office -j DROP', '-m set --match-set office src -j DROP'],
    ['! -d office -j DROP', '-m set ! --match-set office dst -j DROP'],
    ['-p tcp --dport web -j ACCEPT', '-p tcp -m set --match-set web dst -j ACCEPT'],
    ['-d api -j ACCEPT', '-m set --match-set api dst,dst -j ACCEPT'],
    ['-s 10.0.0.0/8 -d constructor -j office', '-s 10.0.0.0/8 -d constructor -j office'],
    ['-m set --match-set office src', '-m set --match-set office src'],
    ['-s', '-s'],
  ])('%s', (text, expected) => expect(spell(text)).toBe(expected));
});

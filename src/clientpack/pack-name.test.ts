import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInt } from '../net/ipv4.ts';
import { packName, parsePackName, parseTagKey, parseTagValue } from './pack-name.ts';

const passes = (work: () => unknown): boolean => {
  try {
    work();
    return true;
  } catch {
    return false;
  }
};

describe('names of packs', { timeout: 30_000 }, () => {
  it('are read back for every address, and fit into a path', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        const name = packName(fromInt(value));
        expect(name).toMatch(/^[0-9_]{7,15}$/);
        expect(parsePackName(name)).toBe(fromInt(value));
      }),
    );
  });

  it('are nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const address = parsePackName(text);
        if (address !== null) expect(packName(address)).toBe(text);
      }),
    );
    for (const text of ['100.127.255.193', '1_2_3', '1_2_3_256', '01_2_3_4', '../x', '1_2_3_4\n', ''])
      expect(parsePackName(text)).toBeNull();
  });
});

describe('tags', { timeout: 30_000 }, () => {
  it('have keys of letters, digits, - and _ and none that a client takes for a failure', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w -]{0,70}$/)), (key) => {
        const fits = /^[A-Za-z0-9_-]{1,64}$/.test(key) && key !== 'error';
        expect(passes(() => parseTagKey(key))).toBe(fits);
      }),
    );
    for (const key of [null, undefined, 7, {}, ['a'], 'a\n', 'ä', 'error'])
      expect(passes(() => parseTagKey(key))).toBe(false);
  });

  it('have values of one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (value) => {
        const breaks = [...value].some((char) => /[\p{Cc}\u2028\u2029]/u.test(char));
        expect(passes(() => parseTagValue(value))).toBe(!breaks && value.length <= 256);
      }),
    );
  });
});

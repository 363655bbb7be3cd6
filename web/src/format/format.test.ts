import { describe, expect, it } from 'vitest';
import { bytes, count, millis, percent, shortChecksum } from './number.ts';
import { ago, duration } from './time.ts';

describe('durations', () => {
  it.each([
    [-5, '0 s'],
    [4900, '4 s'],
    [200_000, '3 min 20 s'],
    [180_000, '3 min'],
    [900_500, '15 min'],
    [18_720_000, '5 h 12 min'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it('tells never from just now', () => {
    expect(ago(null, 5000)).toBe('never');
    expect(ago(4000, 5000)).toBe('just now');
    expect(ago(0, 65_000)).toBe('1 min 5 s ago');
  });
});

describe('figures', () => {
  it('shows what is not known as such', () => {
    expect([millis(null), percent(null)]).toEqual(['–', '–']);
  });

  it('rounds to what matters', () => {
    expect([0.4212, 8.14, 143.6].map(millis)).toEqual(['0.42 ms', '8.1 ms', '144 ms']);
    expect([0, 0.0004, 0.021, 0.42].map(percent)).toEqual(['0 %', '< 0.1 %', '2.1 %', '42 %']);
    expect([0.994, 0.996, 0.999, 0.99996, 1].map(percent)).toEqual([
      '99 %',
      '99.6 %',
      '99.9 %',
      '> 99.9 %',
      '100 %',
    ]);
    expect([0, 512, 2048, 5 * 1024 ** 3].map(bytes)).toEqual(['0 B', '512 B', '2.0 KiB', '5.0 GiB']);
  });

  it('counts', () => {
    expect([count(1, 'peer'), count(2, 'peer')]).toEqual(['1 peer', '2 peers']);
  });

  it('shortens checksums', () => {
    expect(shortChecksum('0123456789abcdef0123456789abcdef01234567')).toBe('012345…234567');
  });
});

import { describe, expect, it } from 'vitest';
import { freshness, SILENCE_MS } from './freshness.ts';

const heard = { heardAt: 1000, broken: false, backAt: null };

describe('freshness', () => {
  it('is live only while something is heard', () => {
    expect(freshness({ ...heard, heardAt: null }, 1000)).toBe('connecting');
    expect(freshness(heard, 1000 + SILENCE_MS)).toBe('live');
    expect(freshness(heard, 1001 + SILENCE_MS)).toBe('lost');
  });

  it('is lost at once when the connection breaks', () => {
    expect(freshness({ ...heard, broken: true }, 1001)).toBe('lost');
  });

  it('waits for a restart that was announced, but not for ever', () => {
    const announced = { heardAt: 1000, broken: true, backAt: 6000 };
    expect(freshness({ ...announced, broken: false }, 1200)).toBe('restarting');
    expect(freshness(announced, 7000)).toBe('restarting');
    expect(freshness(announced, 11_000)).toBe('lost');
    expect(freshness({ ...announced, broken: false, heardAt: 6500 }, 6600)).toBe('live');
  });
});

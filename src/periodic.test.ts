import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { every } from './periodic.ts';

describe('something that is done again and again', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    said.mockClear();
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('goes on after a round that %s, and says why it failed', async (_, fails) => {
    let rounds = 0;
    const timer = every(1000, 'counting', () => {
      return ++rounds === 2 ? fails() : undefined;
    });
    await vi.advanceTimersByTimeAsync(3500);
    clearInterval(timer);
    expect(rounds).toBe(3);
    expect(said).toHaveBeenCalledExactlyOnceWith('counting:', new Error('disk full'));
  });
});

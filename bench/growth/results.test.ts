import { describe, expect, it } from 'vitest';
import { readResults, withRow } from './results.ts';

describe('results', () => {
  it('keep the last row of each size, in order', () => {
    const rows = [
      { n: 2, day: 'first' },
      { n: 10, day: 'first' },
    ];
    expect(withRow(withRow(rows, { n: 10, day: 'second' }), { n: 4, day: 'second' })).toEqual([
      { n: 2, day: 'first' },
      { n: 4, day: 'second' },
      { n: 10, day: 'second' },
    ]);
  });

  it('are empty before the first measurement', () => {
    expect(readResults('/nowhere/growth.json')).toEqual({ controllers: [], routes: [], packs: [] });
  });
});

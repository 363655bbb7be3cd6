import { describe, expect, it } from 'vitest';
import type { Run } from './failover.ts';
import { gapText, ratio } from './failover-page.ts';
import { type Cell, merged } from './failover-results.ts';

const run = (gapMs: number | null): Run => ({ gapMs, lost: 1, lostShare: 0.1, backMs: 1, lostBack: 0 });

describe('what is said of gaps', () => {
  it('has median and worst', () => {
    expect(gapText([run(40), run(42), run(60)], 90)).toBe('42 ms, worst 60 ms (3)');
    expect(gapText([run(40_000), run(null), run(null)], 90)).toBe('> 90 s (3)');
    expect(gapText([run(40_000), run(41_000), run(null)], 90)).toBe('41 s, worst > 90 s (3)');
  });

  it('compares medians, and says when one has no end', () => {
    expect(ratio([run(50)], [run(5000)], 90)).toBe('100');
    expect(ratio([run(50)], [run(null)], 90)).toBe('> 1800');
  });
});

it('replaces what was measured again and keeps the rest', () => {
  const cell = (failure: string, day: string): Cell => ({
    name: 'tinc',
    setting: 'defaults',
    failure,
    version: '1',
    day,
    runs: [],
  });
  expect(merged([cell('dark', '1'), cell('loss', '1')], [cell('dark', '2')])).toEqual([
    cell('loss', '1'),
    cell('dark', '2'),
  ]);
});

import { describe, expect, it } from 'vitest';
import { duration, percentile, table } from './table.ts';

describe('figures', () => {
  it('stand in a Markdown table', () => {
    expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n|---|---|\n| 1 | 2 |');
  });

  it('have percentiles that were measured', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 1)).toBe(100);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('are read as times', () => {
    expect([47.4, 4210, 35_400].map(duration)).toEqual(['47 ms', '4.2 s', '35 s']);
  });
});

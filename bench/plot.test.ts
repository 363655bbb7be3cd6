import { describe, expect, it } from 'vitest';
import { linePlot, roundTicks } from './plot.ts';

const plot = { title: 'Growth', xLabel: 'controllers', yLabel: 'seconds' };

/** Places of all points, and where the axes' ticks are. */
function read(svg: string) {
  const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="4.5"/g)];
  return dots.map(([, x, y]) => [Number(x), Number(y)]);
}

describe('ticks', () => {
  it('are round and reach the greatest value', () => {
    expect(roundTicks(10)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(roundTicks(105)).toEqual([0, 50, 100, 150]);
    expect(roundTicks(0.42)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(roundTicks(5000)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
    expect(roundTicks(9900).at(-1)).toBe(10_000);
  });

  it('exist without a value above zero', () => {
    expect(roundTicks(0).at(-1)).toBe(1);
  });
});

describe('a line chart', () => {
  it('puts values in proportion, the greatest tick at the top and zero at the bottom', () => {
    const series = [
      {
        name: 'a',
        points: [
          [0, 0],
          [5, 50],
          [10, 100],
        ] as const,
      },
    ];
    const [first, half, last] = read(linePlot({ ...plot, series }));
    expect(first).toEqual([64, 364]);
    expect(half).toEqual([378, 232]);
    expect(last).toEqual([692, 100]);
  });

  it('draws a series with one point, and one without any', () => {
    const series = [
      { name: 'one', points: [[3, 7]] as const },
      { name: 'none', points: [] },
    ];
    const svg = linePlot({ ...plot, series });
    expect(read(svg)).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(linePlot({ ...plot, series: [] })).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('escapes every text', () => {
    const svg = linePlot({
      title: 'a < b & "c"',
      xLabel: '<x>',
      yLabel: '<y>',
      series: [{ name: '<script>', points: [[1, 1]] }],
    });
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(svg).not.toMatch(/<x>|<y>|<script>/);
  });

  it('keeps the values of two lines that end together apart', () => {
    const series = ['a', 'b'].map((name) => ({ name, points: [[1, 5]] as const }));
    const tops = [
      ...linePlot({ ...plot, series }).matchAll(/y="([\d.]+)" font-weight="600" fill="#\w+">5</g),
    ];
    expect(Math.abs(Number(tops[0]![1]) - Number(tops[1]![1]))).toBeGreaterThanOrEqual(15);
  });
});

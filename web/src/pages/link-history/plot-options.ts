import type UPlot from 'uplot';
import { milliNumber } from '../../format/number.ts';
import type { Series } from './Plot.tsx';

interface Wanted {
  readonly series: readonly Series[];
  readonly unit: string;
  readonly width: number;
  readonly height: number;
}

/** All plots of a page move their cursors together. */
const CURSOR: UPlot.Cursor = {
  sync: { key: 'link-history' },
  points: { size: 6 },
  drag: { x: false, y: false },
};

export function optionsOf(
  { series, unit, width, height }: Wanted,
  style: CSSStyleDeclaration,
): UPlot.Options {
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis: UPlot.Axis = {
    stroke: colour('--ink-3'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    cursor: CURSOR,
    scales: { y: { range: (_, least, most) => [Math.min(0, least), Math.max(most * 1.12, 1)] } },
    axes: [
      { ...axis, size: 26, values: timeLabels },
      { ...axis, size: 54, values: (_, ticks) => ticks.map((tick) => `${tick} ${unit}`) },
    ],
    series: [
      { label: 'Time', value: (_, at) => (at === null ? '–' : new Date(at * 1000).toLocaleString('en-GB')) },
      ...series.map(
        ({ label, look }): UPlot.Series => ({
          label,
          ...LOOKS[look](colour),
          points: { show: false },
          value: (_, value) => (value === null ? '–' : `${milliNumber(value)} ${unit}`),
        }),
      ),
    ],
  };
}

const LOOKS: Record<Series['look'], (colour: (name: string) => string) => UPlot.Series> = {
  line: (colour) => ({ stroke: colour('--accent-ink'), width: 1.6 }),
  faint: (colour) => ({ stroke: colour('--line-strong'), width: 1 }),
  area: (colour) => ({ stroke: colour('--down'), fill: colour('--down-soft'), width: 1.4 }),
};

/** Hours within a day, dates beyond. */
function timeLabels(_: UPlot, ticks: number[]): string[] {
  const span = (ticks.at(-1) ?? 0) - (ticks[0] ?? 0);
  return ticks.map((tick) => {
    const at = new Date(tick * 1000);
    if (span > 36 * 3600) return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
    return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  });
}

import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import styles from './Plot.module.css';
import { optionsOf } from './plot-options.ts';

export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly look: 'line' | 'faint' | 'area';
}

export interface PlotProps {
  readonly name: string;
  readonly at: readonly number[];
  readonly series: readonly Series[];
  readonly unit: string;
  readonly height: number;
}

/** A curve over time. The canvas is redrawn for new data and made anew for new colours only. */
export function Plot({ name, at, series, unit, height }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  const shape = series.map(({ label, look }) => `${label}:${look}`).join();
  const data = [at.map((time) => time / 1000), ...series.map(({ values }) => values)] as UPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the series' look is in `shape`, the colours are in `scheme`
  useEffect(() => {
    const element = box.current!;
    const options = optionsOf(
      { series, unit, height, width: element.clientWidth },
      getComputedStyle(element),
    );
    const made = new UPlot(options, latest.current, element);
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, unit, height, scheme]);

  useEffect(() => plot.current?.setData(data), [data]);
  return (
    <div
      className={styles.plot}
      ref={box}
      role="img"
      aria-label={`${name} over time; the figures are above`}
    />
  );
}

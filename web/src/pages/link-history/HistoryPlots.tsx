import type { LinkHistoryColumns } from '../../../../src/observe/history.ts';
import { millis, percent } from '../../format/number.ts';
import { Section } from '../../kit/Section.tsx';
import styles from './HistoryPlots.module.css';
import { Plot, type Series } from './Plot.tsx';
import { StateBand } from './StateBand.tsx';
import { average, largest } from './statistics.ts';

/** The curves share one time axis and one cursor. */
export function HistoryPlots({ history }: { history: LinkHistoryColumns }) {
  const { at, rtt_ms, rtt_max_ms, jitter_ms, loss, up } = history;
  const rtt: Series[] = [
    { label: 'largest', values: rtt_max_ms, look: 'faint' },
    { label: 'average', values: rtt_ms, look: 'line' },
  ];
  return (
    <div className={styles.plots}>
      <Section title="State" aside={`up ${percent(average(up))} of the time`} flush>
        <StateBand at={at} up={up} />
      </Section>
      <Section
        title="Round trip"
        aside={`average ${millis(average(rtt_ms))}, largest ${millis(largest(rtt_max_ms))}`}
        flush
      >
        <Plot at={at} series={rtt} unit="ms" height={210} name="Round trip" />
      </Section>
      <Section
        title="Loss"
        aside={`average ${percent(average(loss))}, largest ${percent(largest(loss))}`}
        flush
      >
        <Plot
          at={at}
          series={[{ label: 'loss', values: loss.map((share) => share && share * 100), look: 'area' }]}
          unit="%"
          height={130}
          name="Loss"
        />
      </Section>
      <Section title="Jitter" aside={`average ${millis(average(jitter_ms))}`} flush>
        <Plot
          at={at}
          series={[{ label: 'jitter', values: jitter_ms, look: 'line' }]}
          unit="ms"
          height={130}
          name="Jitter"
        />
      </Section>
    </div>
  );
}

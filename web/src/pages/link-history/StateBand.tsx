import { dateTime } from '../../format/time.ts';
import styles from './StateBand.module.css';
import { spansOf } from './statistics.ts';

const WORDS = { up: 'up', partly: 'partly up', down: 'down', unknown: 'not measured' };

/** Up, partly up, down, not measured: as a band over the same time as the curves below. */
export function StateBand({ at, up }: { at: readonly number[]; up: readonly (number | null)[] }) {
  const spans = spansOf(at, up);
  return (
    <div className={styles.frame}>
      <div
        className={styles.band}
        role="img"
        aria-label={spans.map(({ state, from }) => `${WORDS[state]} from ${dateTime(from)}`).join(', ')}
      >
        {spans.map(({ state, from, slots }) => (
          <span
            key={from}
            data-state={state}
            style={{ flexGrow: slots }}
            title={`${WORDS[state]} from ${dateTime(from)}`}
          />
        ))}
      </div>
    </div>
  );
}

import { Ago } from '../kit/Ago.tsx';
import { useFreshness, useLive } from '../live/live-context.tsx';
import styles from './LiveMark.module.css';

const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Controller lost', restarting: 'Restarting' };

/** Whether this page is the present. Always in view. */
export function LiveMark() {
  const freshness = useFreshness();
  const heardAt = useLive((live) => live.heardAt);
  return (
    <span className={styles.mark} data-freshness={freshness}>
      <span className={styles.dot} aria-hidden="true" />
      {/* Only a change is read out, not every second. */}
      <span role="status">{WORDS[freshness]}</span>
      {freshness === 'lost' && heardAt !== null && (
        <span className={styles.heard}>
          heard <Ago at={heardAt} />
        </span>
      )}
    </span>
  );
}

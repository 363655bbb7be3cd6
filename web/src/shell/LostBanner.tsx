import { dateTime, duration } from '../format/time.ts';
import { useNow } from '../kit/now.ts';
import { useFreshness, useLive } from '../live/live-context.tsx';
import styles from './LostBanner.module.css';

/** Says on every page that what it shows is the past, and that nothing has to be done for it to come back. */
export function LostBanner() {
  const freshness = useFreshness();
  const heardAt = useLive((live) => live.heardAt);
  if (freshness === 'restarting') {
    return (
      <div className={styles.banner} data-tone="restarting" role="status">
        <strong>The API restarts.</strong> The mesh keeps running; this page continues by itself in a few
        seconds.
      </div>
    );
  }
  if (freshness !== 'lost') return null;
  return (
    <div className={styles.banner} data-tone="lost" role="alert">
      <strong>This page has lost its controller.</strong>{' '}
      {heardAt === null ? 'It has not answered yet.' : <Since at={heardAt} />} It is asked again every second.
      Links between controllers do not depend on it.
    </div>
  );
}

function Since({ at }: { at: number }) {
  const now = useNow();
  return (
    <span aria-live="off">
      What you see was true at {dateTime(at)}, {duration(now - at)} ago.
    </span>
  );
}

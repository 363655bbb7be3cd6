import { ago, clock, dateTime, duration } from '../format/time.ts';
import { useFreshness } from '../live/live-context.tsx';
import { useNow } from './now.ts';

/** How long ago something happened, by the controller's clock. */
export function Ago({ at }: { at: number | null }) {
  const now = useNow();
  return <span title={at === null ? undefined : dateTime(at)}>{ago(at, now)}</span>;
}

/** How long something has been so. */
export function For({ since }: { since: number | null }) {
  const now = useNow();
  const isLive = useFreshness() === 'live';
  if (since === null) return null;
  // Nobody knows whether it still is so.
  if (!isLive) return <span>since {clock(since, now)}</span>;
  return <span title={`since ${dateTime(since)}`}>for {duration(now - since)}</span>;
}

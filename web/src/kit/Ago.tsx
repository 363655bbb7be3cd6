import { ago, dateTime, duration } from '../format/time.ts';
import { useNow } from './now.ts';

/** How long ago something happened. The server's clock is the reference, so a small lead of it is no future. */
export function Ago({ at }: { at: number | null }) {
  const now = useNow();
  return <span title={at === null ? undefined : dateTime(at)}>{ago(at, now)}</span>;
}

/** How long something has been so. */
export function For({ since }: { since: number | null }) {
  const now = useNow();
  if (since === null) return null;
  return <span title={`since ${dateTime(since)}`}>for {duration(now - since)}</span>;
}

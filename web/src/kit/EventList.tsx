import type { MeshEvent } from '../../../src/observe/mesh-status.ts';
import { clock, dateTime } from '../format/time.ts';
import styles from './EventList.module.css';
import { useNow } from './now.ts';
import { type MarkState, StateShape } from './StateMark.tsx';

const SHAPES: Record<MeshEvent['kind'], MarkState> = {
  link_up: 'up',
  link_down: 'down',
  link_degraded: 'degraded',
  member_reachable: 'up',
  member_unreachable: 'down',
  identity_clash: 'down',
  controller_started: 'unknown',
  fwset_dns_update: 'unknown',
  firewall_reverted: 'degraded',
  firewall_confirmed: 'up',
  firewall_sync: 'degraded',
};

/** What happened, newest first. */
export function EventList({ events }: { events: readonly MeshEvent[] }) {
  const now = useNow();
  return (
    <ol className={styles.events}>
      {events.map(({ seq, at, kind, text }) => (
        <li key={seq}>
          <time dateTime={new Date(at).toISOString()} title={dateTime(at)}>
            {clock(at, now)}
          </time>
          <StateShape state={SHAPES[kind]} />
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}

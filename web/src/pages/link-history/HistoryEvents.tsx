import { useQuery } from '@tanstack/react-query';
import type { MeshEvent } from '../../../../src/observe/mesh-status.ts';
import { request } from '../../api/request.ts';
import { EventList } from '../../kit/EventList.tsx';
import { Section } from '../../kit/Section.tsx';
import { useLive } from '../../live/live-context.tsx';
import { addEvents } from '../../live/recent.ts';
import styles from './HistoryEvents.module.css';

const NONE: MeshEvent[] = [];

/** What happened to the link in the time that the curves show. */
export function HistoryEvents({ peer, from }: { peer: number; from: number | null }) {
  const live = useLive((all) => all.events);
  const stored = useQuery({
    queryKey: ['events', peer],
    queryFn: () => request<MeshEvent[]>('GET', `/mesh/events?limit=200&peer=${peer}`),
  });
  const events = addEvents(stored.data ?? NONE, live).filter(
    (event) => event.peer === peer && (from === null || event.at >= from),
  );
  return (
    <Section title="Events in this time">
      {events.length > 0 ? (
        <div className={styles.events}>
          <EventList events={events} />
        </div>
      ) : (
        'Nothing happened to this link in this time.'
      )}
    </Section>
  );
}

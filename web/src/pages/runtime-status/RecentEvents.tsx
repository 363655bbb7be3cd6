import { EventList } from '../../kit/EventList.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useLive } from '../../live/live-context.tsx';
import styles from './RecentEvents.module.css';

const SHOWN = 12;

export function RecentEvents() {
  const events = useLive((live) => live.events);
  const isKnown = useLive((live) => live.eventsKnown);
  return (
    <Section title="Recent Events">
      {events.length > 0 && <EventList events={events.slice(0, SHOWN)} />}
      {events.length === 0 && !isKnown && <Waiting error={null} />}
      {events.length === 0 && isKnown && (
        <p className={styles.none}>Nothing has happened to a link or a peer so far.</p>
      )}
    </Section>
  );
}

import { EventList } from '../../kit/EventList.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { usePeerEvents } from '../../live/peer-events.ts';
import styles from './HistoryEvents.module.css';

/** What happened to the link in the time that the curves show. */
export function HistoryEvents({ peer, from }: { peer: number; from: number | null }) {
  const { events, isKnown, error } = usePeerEvents(peer);
  const shown = events.filter((event) => from === null || event.at >= from);
  return (
    <Section title="Events in this time">
      {shown.length > 0 && (
        <div className={styles.events}>
          <EventList events={shown} />
        </div>
      )}
      {!isKnown && <Waiting error={error} />}
      {isKnown && shown.length === 0 && 'Nothing happened to this link in this time.'}
    </Section>
  );
}

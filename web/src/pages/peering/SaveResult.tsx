import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { PeeringTable } from '../../api/peering.ts';
import { controllerNow, useNow } from '../../kit/now.ts';
import { Reasons } from '../../kit/Reasons.tsx';
import { Section } from '../../kit/Section.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { useLinks, useMembers } from '../../live/live-context.tsx';
import { outcome } from './outcome.ts';
import styles from './SaveResult.module.css';

/** After saving: per peer, whether it was reached and whether it is of the same topology. Follows as it happens. */
export function SaveResult({ table }: { table: PeeringTable }) {
  const links = useLinks();
  const members = useMembers();
  const now = useNow();
  const [savedAt] = useState(controllerNow);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: 'nearest' }), []);
  const peers = table.rows.filter((row) => row.address !== null);
  return (
    <div className={styles.result} ref={box}>
      <Section title="Saved and applied" aside={<Link href="/">Runtime Status</Link>}>
        {peers.length === 0 && (
          <p className={styles.none}>This is controller {table.self}. No peers are set.</p>
        )}
        <ul className={styles.peers} aria-live="polite">
          {peers.map(({ id, address }) => {
            const link = links.find((candidate) => candidate.peer === id);
            const result = outcome(
              link,
              members.find((member) => member.id === id),
              now - savedAt,
            );
            return (
              <li key={id}>
                <StateMark state={result.state} word={result.reached} />
                <div>
                  <strong>Controller {id}</strong> at {address}. {result.checksum}
                  {result.state === 'down' && link && <Reasons reasons={link.reasons} />}
                </div>
              </li>
            );
          })}
        </ul>
      </Section>
    </div>
  );
}

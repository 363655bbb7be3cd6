import { Loader } from '@mantine/core';
import type { JoinProgress } from '../../../../src/mesh/joiner.ts';
import { Section } from '../../kit/Section.tsx';
import styles from './JoinSteps.module.css';

const WORDS: Record<JoinProgress['state'], string> = {
  idle: 'Waiting',
  redeeming: 'Asking the controller that issued the code',
  installing: 'Taking over licence, keyset, addresses and peers',
  joined: 'Joined',
  failed: 'Failed',
};

export function JoinSteps({ progress }: { progress: JoinProgress }) {
  return (
    <Section title={`Joining as controller ${progress.id}`}>
      <p className={styles.step} aria-live="polite">
        <Loader size={16} /> {WORDS[progress.state]}…
      </p>
      <p className={styles.note}>
        At its end the API restarts for about five seconds; this page continues by itself.
      </p>
    </Section>
  );
}

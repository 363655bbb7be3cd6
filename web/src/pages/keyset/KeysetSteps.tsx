import { Loader } from '@mantine/core';
import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import type { KeysetProgress } from '../../api/keyset.ts';
import { duration } from '../../format/time.ts';
import { useNow } from '../../kit/now.ts';
import { Section } from '../../kit/Section.tsx';
import styles from './KeysetSteps.module.css';
import { type Step, stepsAt } from './steps.ts';

/** What an attempt is doing, step by step. */
export function KeysetSteps({ keyset }: { keyset: KeysetProgress }) {
  const now = useNow();
  return (
    <Section
      title={keyset.step === 'generating' ? 'Generating the keyset' : 'Fetching the keyset'}
      aside={keyset.started_at !== null && duration(now - keyset.started_at)}
    >
      <ol className={styles.steps} aria-live="polite">
        {stepsAt(keyset.step).map((step) => (
          <li key={step.text} data-state={step.state}>
            <StepIcon state={step.state} /> {step.text}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function StepIcon({ state }: { state: Step['state'] }) {
  switch (state) {
    case 'done':
      return <IconCircleCheck size={18} className={styles.done} aria-label="done" />;
    case 'running':
      return <Loader size={16} aria-label="under way" />;
    case 'waiting':
      return <IconCircle size={18} className={styles.waiting} aria-label="to come" />;
  }
}

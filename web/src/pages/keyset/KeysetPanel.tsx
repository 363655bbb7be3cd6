import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { KeysetProgress } from '../../api/keyset.ts';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { FetchForm } from './FetchForm.tsx';
import { GenerateForm } from './GenerateForm.tsx';
import { KeysetFailure } from './KeysetFailure.tsx';
import styles from './KeysetPanel.module.css';
import { KeysetPresent } from './KeysetPresent.tsx';
import { KeysetSteps } from './KeysetSteps.tsx';

interface KeysetPanelProps {
  readonly keyset: KeysetProgress;
  /** The guide has decided already which of the two it is. */
  readonly only?: 'generate' | 'fetch';
}

/** The keyset as it is now, and what may be done about it now: nothing else is offered. */
export function KeysetPanel({ keyset, only }: KeysetPanelProps) {
  const { state, may_generate, may_fetch, failure } = keyset;
  const offered = only ?? (may_generate ? 'generate' : 'fetch');
  const [chosen, setChosen] = useState<string>(offered);
  if (state === 'present') return <KeysetPresent keyset={keyset} />;
  if (state === 'in_progress') return <KeysetSteps keyset={keyset} />;
  const way = only ?? (may_generate && may_fetch ? chosen : offered);
  const allowed = way === 'generate' ? may_generate : may_fetch;
  return (
    <>
      {failure && <KeysetFailure failure={failure} />}
      <Section title={way === 'generate' ? 'Generate a keyset' : 'Fetch the keyset'}>
        {!only && may_generate && may_fetch && (
          <SegmentedControl
            className={styles.choice}
            value={chosen}
            onChange={setChosen}
            data={[
              { value: 'generate', label: 'Generate: a new topology' },
              { value: 'fetch', label: 'Fetch: an existing topology' },
            ]}
          />
        )}
        {allowed && (way === 'generate' ? <GenerateForm /> : <FetchForm />)}
        {!allowed && (
          <Notice tone="warn">
            {way === 'generate'
              ? 'A keyset can be generated once the licence and its addressing are accepted.'
              : 'A keyset cannot be fetched now.'}
          </Notice>
        )}
      </Section>
    </>
  );
}

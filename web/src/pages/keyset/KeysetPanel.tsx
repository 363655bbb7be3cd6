import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { KeysetProgress } from '../../api/keyset.ts';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { type FetchDraft, FetchForm } from './FetchForm.tsx';
import { type GenerateDraft, GenerateForm } from './GenerateForm.tsx';
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
  // The steps of an attempt take the place of the form. When it failed, what was typed is there again.
  const [toGenerate, setToGenerate] = useState<GenerateDraft>({ token: '', name: null });
  const [toFetch, setToFetch] = useState<FetchDraft>({ source: '', token: '' });
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
            aria-label="Generate or fetch"
            value={chosen}
            onChange={setChosen}
            data={[
              { value: 'generate', label: 'Generate: a new topology' },
              { value: 'fetch', label: 'Fetch: an existing topology' },
            ]}
          />
        )}
        {allowed && way === 'generate' && <GenerateForm draft={toGenerate} onDraft={setToGenerate} />}
        {allowed && way === 'fetch' && <FetchForm draft={toFetch} onDraft={setToFetch} />}
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

import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { JoinProgress } from '../../../../src/mesh/joiner.ts';
import { useKeyset } from '../../api/keyset.ts';
import { Waiting } from '../../kit/Waiting.tsx';
import { useMesh } from '../../live/live-context.tsx';
import { KeysetPanel } from '../keyset/KeysetPanel.tsx';
import { BecomeInstance } from './BecomeInstance.tsx';
import { FillInPeers } from './FillInPeers.tsx';
import { type JoinDraft, JoinForm } from './JoinForm.tsx';
import { JoinSteps } from './JoinSteps.tsx';

const WAYS = [
  { value: 'code', label: 'With a join code' },
  { value: 'hand', label: 'By hand: source and token' },
];

/** Into an existing topology: one code does everything; by hand the keyset comes first, then the id, then the peers. */
export function JoinTopology({ progress }: { progress: JoinProgress | undefined }) {
  const keyset = useKeyset();
  const controller = useMesh()?.controller;
  const [way, setWay] = useState('code');
  // The steps of an attempt take the place of the form. When it failed, what was typed is there again.
  const [draft, setDraft] = useState<JoinDraft>({ code: '', address: '', clients: '' });
  if (progress && (progress.state === 'redeeming' || progress.state === 'installing'))
    return <JoinSteps progress={progress} />;
  if (controller?.keyset === 'present')
    return controller.id === null ? <BecomeInstance standard={2} /> : <FillInPeers id={controller.id} />;
  const isFetching = keyset.data?.state === 'in_progress';
  return (
    <>
      {!isFetching && (
        <div>
          <SegmentedControl aria-label="How to join" value={way} onChange={setWay} data={WAYS} />
        </div>
      )}
      {way === 'code' && !isFetching ? (
        <JoinForm
          failure={progress?.state === 'failed' ? progress.error : null}
          draft={draft}
          onDraft={setDraft}
        />
      ) : keyset.data ? (
        <KeysetPanel keyset={keyset.data} only="fetch" />
      ) : (
        <Waiting error={keyset.error} />
      )}
    </>
  );
}

import { useEffect } from 'react';
import { askPeeringAgain } from '../api/peering.ts';
import { queryClient } from '../api/query-client.ts';
import { peersOf, stageOf } from './changes.ts';
import { useLive } from './live-context.tsx';

/**
 * What was asked before belongs to the past once the controller came back, or got a licence, a keyset or an id: it is
 * asked again. So is the peering table when a controller joins.
 */
export function useRefetchOnChange(): void {
  const isLive = useLive((live) => live.freshness === 'live');
  const stage = useLive(({ status }) => status && stageOf(status));
  const peers = useLive(({ status }) => status && peersOf(status));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage is the reason to ask again
  useEffect(() => {
    if (isLive) void queryClient.invalidateQueries();
  }, [isLive, stage]);
  useEffect(() => {
    if (peers !== null) void askPeeringAgain();
  }, [peers]);
}

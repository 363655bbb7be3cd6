import { useEffect } from 'react';
import { queryClient } from '../api/query-client.ts';
import { useLive } from './live-context.tsx';

/**
 * What was asked before belongs to the past once the controller came back, or got a licence, a keyset or an id: it is
 * asked again.
 */
export function useRefetchOnChange(): void {
  const isLive = useLive((live) => live.freshness === 'live');
  const stage = useLive(({ status }) => {
    if (!status) return null;
    const { licensed, licensed_controllers, keyset, id } = status.controller;
    return [licensed, licensed_controllers, keyset, id].join();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage is the reason to ask again
  useEffect(() => {
    if (isLive) void queryClient.invalidateQueries();
  }, [isLive, stage]);
}

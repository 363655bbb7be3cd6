import { useQuery } from '@tanstack/react-query';
import type { MeshEvent } from '../../../src/observe/mesh-status.ts';
import { request } from '../api/request.ts';
import { useLive } from './live-context.tsx';
import { addEventsOf } from './recent.ts';

interface PeerEvents {
  readonly events: readonly MeshEvent[];
  /** Only then does an empty list mean that nothing happened. */
  readonly isKnown: boolean;
  readonly error: unknown;
}

/** What happened to one peer, newest first: what the controller remembers of it, and what came since. */
export function usePeerEvents(peer: number): PeerEvents {
  const live = useLive((all) => all.events);
  const { data, error } = useQuery({
    queryKey: ['events', peer],
    queryFn: () => request<MeshEvent[]>('GET', `/mesh/events?limit=200&peer=${peer}`),
  });
  return { events: addEventsOf(peer, data ?? [], live), isKnown: data !== undefined, error };
}

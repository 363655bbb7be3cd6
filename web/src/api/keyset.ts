import { useMutation, useQuery } from '@tanstack/react-query';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';
import type { KeysetProgress } from './shapes.ts';

export type { KeysetProgress } from './shapes.ts';

const key = ['keyset'];

/** Asked every second while something is under way, also across the restart that ends a fetch. */
export const useKeyset = () =>
  useQuery({
    queryKey: key,
    queryFn: () => request<KeysetProgress>('GET', '/mesh/keyset'),
    refetchInterval: ({ state }) => (state.data?.state === 'in_progress' ? 1000 : 5000),
  });

export interface KeysetStart {
  readonly token: string;
  readonly source?: string;
  readonly topology_name?: string;
}

export const useStartKeyset = () =>
  useMutation({
    mutationFn: (start: KeysetStart) => request('PUT', '/keyset', start),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
  });

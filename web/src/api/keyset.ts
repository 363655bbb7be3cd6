import { useMutation, useQuery } from '@tanstack/react-query';
import type { KeysetStart } from '../../../src/api/resources/keyset.ts';
import type { KeysetProgress } from '../../../src/api/resources/mesh-keyset.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

export type { KeysetProgress };

const key = ['keyset'];

/** Asked every second while something is under way, also across the restart that ends a fetch. */
export const useKeyset = () =>
  useQuery({
    queryKey: key,
    queryFn: () => request<KeysetProgress>('GET', '/mesh/keyset'),
    refetchInterval: ({ state }) => (state.data?.state === 'in_progress' ? 1000 : 5000),
  });

export const useStartKeyset = () =>
  useMutation({
    mutationFn: (start: KeysetStart) => request('PUT', '/keyset', start),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
  });

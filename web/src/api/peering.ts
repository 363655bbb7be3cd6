import { useMutation, useQuery } from '@tanstack/react-query';
import type { PeeringRow, PeeringTable } from '../../../src/api/resources/mesh-peering.ts';
import type { LookUpAnswer } from '../../../src/peering/look-up.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

export type { PeeringRow, PeeringTable };

const key = ['peering'];

/** The API takes more than this (it judges every word of the form itself), the console sends this. */
export interface PeeringChange {
  readonly self: number;
  /** Of the table that the operator had before his eyes: rows that came meanwhile are not deleted. */
  readonly revision: string;
  readonly peers: readonly { readonly id: number; readonly address: string; readonly mtu?: number }[];
}

export const usePeering = (enabled = true) =>
  useQuery({ queryKey: key, queryFn: () => request<PeeringTable>('GET', '/mesh/peering'), enabled });

export const useSavePeering = () =>
  useMutation({
    mutationFn: (change: PeeringChange) => request<PeeringTable>('PUT', '/mesh/peering', change),
    onSuccess: async (table) => {
      // An answer from before the change must not take its place.
      await queryClient.cancelQueries({ queryKey: key });
      queryClient.setQueryData(key, table);
    },
  });

export const askPeeringAgain = () => queryClient.invalidateQueries({ queryKey: key });

export const useResolve = () =>
  useMutation({ mutationFn: (host: string) => request<LookUpAnswer>('POST', '/mesh/resolve', { host }) });

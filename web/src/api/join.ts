import { useMutation, useQuery } from '@tanstack/react-query';
import type { JoinCodeInfo, JoinIssuer } from '../../../src/mesh/join-issuer.ts';
import type { JoinProgress } from '../../../src/mesh/joiner.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

export type JoinCode = ReturnType<JoinIssuer['create']>;

const codes = ['join-codes'];
const joining = ['join'];

export const useJoinCodes = () =>
  useQuery({
    queryKey: codes,
    queryFn: () => request<JoinCodeInfo[]>('GET', '/mesh/join-codes'),
    refetchInterval: 5000,
  });

export interface NewJoinCode {
  readonly id: number;
  readonly ttl: number;
  readonly replace?: boolean;
  readonly address?: string;
}

export const useCreateJoinCode = () =>
  useMutation({
    mutationFn: (code: NewJoinCode) => request<JoinCode>('POST', '/mesh/join-codes', code),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: codes }),
  });

export const useRevokeJoinCode = () =>
  useMutation({
    mutationFn: (name: string) =>
      request<JoinCodeInfo[]>('DELETE', `/mesh/join-codes/${encodeURIComponent(name)}`),
    onSuccess: (rest) => queryClient.setQueryData(codes, rest),
  });

export const useJoinProgress = () =>
  useQuery({
    queryKey: joining,
    queryFn: () => request<JoinProgress>('GET', '/mesh/join'),
    refetchInterval: ({ state }) =>
      state.data?.state === 'redeeming' || state.data?.state === 'installing' ? 1000 : false,
  });

export const useJoin = () =>
  useMutation({
    mutationFn: (join: { code: string; address?: string; client_address?: string }) =>
      request<JoinProgress>('POST', '/mesh/join', join),
    onSuccess: (progress) => queryClient.setQueryData(joining, progress),
  });

import { useMutation, useQuery } from '@tanstack/react-query';
import type { NativePack, NativePackDetail } from '../../../src/api/resources/mesh-clientpack-shape.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';
import { followTask } from './task.ts';

export type { NativePack, NativePackDetail } from '../../../src/api/resources/mesh-clientpack-shape.ts';

const key = ['clientpacks'];
/** Traffic and last packets are figures of the moment. */
const EVERY_MS = 3000;
const refresh = () => queryClient.invalidateQueries({ queryKey: key });

export const usePacks = () =>
  useQuery({
    queryKey: [...key, 'all'],
    queryFn: () => request<NativePack[]>('GET', '/mesh/clientpacks'),
    refetchInterval: EVERY_MS,
  });

export const usePack = (name: string) =>
  useQuery({
    queryKey: [...key, name],
    queryFn: () => request<NativePackDetail>('GET', `/mesh/clientpacks/${name}`),
    refetchInterval: EVERY_MS,
  });

export interface PackChange {
  readonly names: readonly string[];
  readonly enabled?: boolean;
  readonly checked_out?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export const useChangePacks = () =>
  useMutation({
    mutationFn: (change: PackChange) => request<NativePack[]>('PUT', '/mesh/clientpacks', change),
    onSettled: refresh,
  });

/** It ends when the old credentials are dead. `onError` is called even when nobody shows the button any more. */
export const useRegenerate = (onError: (error: Error) => void) =>
  useMutation({
    mutationFn: async (names: readonly string[]) => {
      const path = '/mesh/clientpacks/regenerate';
      const { token } = await request<{ token: string }>('POST', path, { names });
      await followTask(token, 'Making new credentials');
    },
    onError,
    onSettled: refresh,
  });

export const useReset = () =>
  useMutation({
    mutationFn: async (names: readonly string[]) => {
      for (const name of names) await request<object>('POST', '/client/reset', { name });
    },
    onSettled: refresh,
  });

export const useNextPack = () =>
  useMutation({
    mutationFn: () => request<{ name: string }>('POST', '/clientpacks/next_available', {}),
    onSettled: refresh,
  });

export const useRemoveTag = (name: string) =>
  useMutation({
    mutationFn: (tag: string) => request<object>('DELETE', `/clientpack/${name}`, { key: tag }),
    onSettled: refresh,
  });

export const useGrant = (name: string) =>
  useMutation({
    mutationFn: (networks: readonly string[]) =>
      request<NativePackDetail>('PUT', `/mesh/clientpacks/${name}/networks`, { networks }),
    onSettled: refresh,
  });

/** Fetched only when somebody wants to see it: whoever sees the code has the key. */
export const useQr = (name: string, wanted: boolean) =>
  useQuery({
    queryKey: ['clientpack-qr', name],
    queryFn: () => request<{ svg: string }>('GET', `/mesh/clientpacks/${name}/qr`),
    enabled: wanted,
    gcTime: 0,
  });

export interface ControllerForClients {
  readonly id: number;
  readonly self: boolean;
  readonly client_address: string | null;
  readonly weight: number;
  readonly drained: boolean;
  readonly clients: number;
  readonly packs_free: number;
}

const controllersKey = ['client-controllers'];
const adopt = (list: ControllerForClients[]) => queryClient.setQueryData(controllersKey, list);

export const useControllersForClients = () =>
  useQuery({
    queryKey: controllersKey,
    queryFn: () => request<ControllerForClients[]>('GET', '/mesh/controllers'),
    refetchInterval: EVERY_MS,
  });

export const useLoad = () =>
  useMutation({
    mutationFn: ({ id, ...load }: { id: number; weight?: number; drained?: boolean }) =>
      request<ControllerForClients[]>('PUT', `/mesh/controllers/${id}`, load),
    onSuccess: adopt,
  });

export const useClientAddress = () =>
  useMutation({
    mutationFn: (client_address: string) =>
      request<ControllerForClients[]>('PUT', '/mesh/client-address', { client_address }),
    onSuccess: adopt,
  });

export const packFile = (name: string, format: string) => `/api/mesh/clientpacks/${name}/files/${format}`;

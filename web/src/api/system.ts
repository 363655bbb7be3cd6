import { useMutation, useQuery } from '@tanstack/react-query';
import type { Config, ConfigChange } from '../../../src/api/resources/config.ts';
import type { MeshSettings } from '../../../src/api/resources/mesh-status.ts';
import type { SystemStatus } from '../../../src/api/resources/status-system.ts';
import type { DoctorCheck } from '../../../src/observe/doctor-check.ts';
import type { HistoryRange, LinkHistoryColumns } from '../../../src/observe/history.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

export type { Config, ConfigChange, SystemStatus };

const config = ['config'];

export const useConfig = () =>
  useQuery({ queryKey: config, queryFn: () => request<Config>('GET', '/config') });

export const useSaveConfig = () =>
  useMutation({
    mutationFn: (change: ConfigChange) => request<Config>('PUT', '/config', change),
    onSuccess: (saved) => queryClient.setQueryData(config, saved),
  });

export const useSystemStatus = () =>
  useQuery({
    queryKey: ['system'],
    queryFn: () => request<SystemStatus>('GET', '/status/system'),
    refetchInterval: 10_000,
  });

export const useRestartApi = () =>
  useMutation({ mutationFn: () => request('PUT', '/server', { reboot: true }) });

export type DetectionProfile = MeshSettings['bfd_profile'];

export const useSaveProfile = () =>
  useMutation({
    mutationFn: (profile: DetectionProfile) => request('PUT', '/mesh/settings', { bfd_profile: profile }),
  });

export const useDoctor = () =>
  useQuery({
    queryKey: ['doctor'],
    queryFn: () => request<DoctorCheck[]>('GET', '/mesh/doctor'),
    staleTime: 0,
  });

export const useHistory = (peer: number | null, range: HistoryRange) =>
  useQuery({
    queryKey: ['history', peer, range],
    queryFn: () => request<LinkHistoryColumns>('GET', `/mesh/history?peer=${peer}&range=${range}`),
    enabled: peer !== null,
    refetchInterval: range === '1h' ? 5000 : 30_000,
    placeholderData: (previous) => (previous?.peer === peer ? previous : undefined),
  });

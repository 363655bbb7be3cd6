import { useMutation, useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { LicenseParameters } from '../../../src/api/resources/license.ts';
import type { WireAddressing, WireLicensePreview } from '../../../src/license/license-preview.ts';
import type { WireUpgrade } from '../../../src/license/license-upgrade.ts';
import type { WireLicense, WireUpload } from '../../../src/license/license-wire.ts';
import { ApiError } from './error.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

export type LicensePreview = Static<typeof WireLicensePreview>;
export type { LicenseParameters, WireAddressing, WireLicense };

const key = ['license'];
const askAgain = () => queryClient.invalidateQueries({ queryKey: key });

/** Null while no licence was uploaded. */
export const useLicense = () =>
  useQuery({
    queryKey: key,
    queryFn: () =>
      request<WireLicense>('GET', '/license').catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'NOT_LICENSED') return null;
        throw error;
      }),
  });

export const usePreviewLicense = () =>
  useMutation({
    mutationFn: (text: string) => request<LicensePreview>('POST', '/mesh/license/preview', text),
  });

export const useUploadLicense = () =>
  useMutation({
    mutationFn: (text: string) => request<WireUpload>('PUT', '/license', text),
    onSuccess: askAgain,
  });

export const useFreeLicense = () =>
  useMutation({
    mutationFn: () => request<WireUpload>('POST', '/mesh/license/free'),
    onSuccess: askAgain,
  });

export const useUpgradeLicense = () =>
  useMutation({
    mutationFn: (text: string) => request<WireUpgrade>('PUT', '/license/upgrade', text),
    onSuccess: askAgain,
  });

/** Who would get which address; refused with the field at fault, exactly as accepting would be. */
export const usePreviewParameters = (parameters: LicenseParameters) =>
  useQuery({
    queryKey: ['license-parameters', parameters],
    queryFn: () => request<WireAddressing>('POST', '/mesh/license/parameters-preview', parameters),
    retry: false,
    staleTime: Infinity,
    placeholderData: (previous) => previous,
  });

export const useAcceptParameters = () =>
  useMutation({
    mutationFn: (parameters: LicenseParameters) => request('PUT', '/license/parameters', parameters),
    onSuccess: askAgain,
  });

import { useMutation, useQuery } from '@tanstack/react-query';
import type { Token } from '../../../src/api/resources/access-tokens.ts';
import type { Url } from '../../../src/api/resources/access-urls.ts';
import type { ConsoleHosts } from '../../../src/api/resources/admin-ui.ts';
import type { Entry, Verdict } from '../../../src/api/resources/audit.ts';
import type { RoleMap } from '../../../src/api/resources/identity.ts';
import type { SessionView } from '../../../src/api/resources/sessions.ts';
import type { Job, Standing } from '../../../src/api/resources/system-ssl.ts';
import type { UserView } from '../../../src/api/resources/users.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

export type { ConsoleHosts, Entry, RoleMap, SessionView, Standing, Token, Url, UserView };

const list = <T>(key: string, path: string) => ({ queryKey: [key], queryFn: () => request<T>('GET', path) });
const again = (key: string) => () => queryClient.invalidateQueries({ queryKey: [key] });

export const useTokens = () => useQuery(list<Token[]>('tokens', '/access/tokens'));
export const useNewToken = () =>
  useMutation({
    mutationFn: (token: object) => request<Token>('POST', '/access/token', token),
    onSuccess: again('tokens'),
  });
export const useExpireToken = () =>
  useMutation({
    mutationFn: (id: number) => request('PUT', `/access/token/${id}`, { expired: true }),
    onSuccess: again('tokens'),
  });
export const useDeleteToken = () =>
  useMutation({
    mutationFn: (id: number) => request('DELETE', `/access/token/${id}`),
    onSuccess: again('tokens'),
  });

export const useUrls = () => useQuery(list<Url[]>('urls', '/access/urls'));
export const useNewUrl = () =>
  useMutation({
    mutationFn: (url: object) => request<Url>('POST', '/access/url', url),
    onSuccess: again('urls'),
  });
export const useExpireUrl = () =>
  useMutation({
    mutationFn: (id: number) => request('PUT', `/access/url/${id}`, { expired: true }),
    onSuccess: again('urls'),
  });
export const useDeleteUrl = () =>
  useMutation({
    mutationFn: (id: number) => request('DELETE', `/access/url/${id}`),
    onSuccess: again('urls'),
  });

export const useUsers = () => useQuery(list<UserView[]>('users', '/mesh/users'));
export const useNewUser = () =>
  useMutation({
    mutationFn: (user: object) => request<UserView>('POST', '/mesh/users', user),
    onSuccess: again('users'),
  });
export const useChangeUser = () =>
  useMutation({
    mutationFn: ({ name, change }: { name: string; change: object }) =>
      request<UserView>('PUT', `/mesh/users/${encodeURIComponent(name)}`, change),
    onSuccess: again('users'),
  });
export const useDeleteUser = () =>
  useMutation({
    mutationFn: (name: string) => request('DELETE', `/mesh/users/${encodeURIComponent(name)}`),
    onSuccess: again('users'),
  });
export const useResetFactor = () =>
  useMutation({
    mutationFn: (name: string) => request('DELETE', `/mesh/users/${encodeURIComponent(name)}/second-factor`),
    onSuccess: again('users'),
  });

export const useSessions = () => useQuery(list<SessionView[]>('sessions', '/mesh/sessions'));
export const useEndSession = () =>
  useMutation({
    mutationFn: (id: string) => request('DELETE', `/mesh/sessions/${id}`),
    onSuccess: again('sessions'),
  });

export interface ProviderSettings {
  readonly enabled: boolean;
  readonly provider?: string;
  readonly identifier?: string;
  readonly secret?: string;
  readonly issuer?: string;
  readonly redirect_hostname?: string;
}
export const useProvider = () => useQuery(list<ProviderSettings>('provider', '/identity/controller'));
export const useSaveProvider = () =>
  useMutation({
    mutationFn: (settings: object) => request('PUT', '/identity/controller', settings),
    onSuccess: again('provider'),
  });
export const useRoleMap = () => useQuery(list<RoleMap>('role-map', '/mesh/identity/roles'));
export const useSaveRoleMap = () =>
  useMutation({
    mutationFn: (map: RoleMap) => request('PUT', '/mesh/identity/roles', map),
    onSuccess: again('role-map'),
  });

export const useCertificate = () => useQuery(list<Standing>('certificate', '/mesh/certificate'));

/** Installs and waits for the end of the job: what it says is what the operator hears. */
async function finished(job: { uuid: string }): Promise<Job> {
  for (;;) {
    const state = await request<Job>('GET', `/system/ssl/install/${job.uuid}`);
    if (state.state === 'failed') throw new Error(state.status);
    if (state.state === 'done') return state;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
/** The console may be opened under the certificate's names, so those change with it. */
const renewed = () => Promise.all([again('certificate')(), again('console-hosts')()]);
export const useInstallCertificate = () =>
  useMutation({
    mutationFn: async (pair: { cert: string; key: string }) => {
      await request('PUT', '/system/ssl/keypair', pair);
      return finished(await request<Job>('PUT', '/system/ssl/install'));
    },
    onSuccess: renewed,
  });
export const useResetCertificate = () =>
  useMutation({
    mutationFn: async () => finished(await request<Job>('DELETE', '/mesh/certificate')),
    onSuccess: renewed,
  });

export const useConsoleHosts = () => useQuery(list<ConsoleHosts>('console-hosts', '/mesh/console-hosts'));
export const useSaveConsoleHosts = () =>
  useMutation({
    mutationFn: (hosts: string[]) => request<ConsoleHosts>('PUT', '/mesh/console-hosts', { hosts }),
    onSuccess: again('console-hosts'),
  });

export interface AuditQuery {
  readonly actor: string;
  readonly action: string;
  readonly outcome: string;
}
export const auditParameters = (query: AuditQuery): string =>
  new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
export const useAudit = (query: AuditQuery, limit: number) =>
  useQuery({
    queryKey: ['audit', query, limit],
    queryFn: () => request<Entry[]>('GET', `/mesh/audit?limit=${limit}&${auditParameters(query)}`),
    placeholderData: (before) => before,
  });
export const useVerifyAudit = () =>
  useMutation({ mutationFn: () => request<Verdict>('GET', '/mesh/audit/verify') });

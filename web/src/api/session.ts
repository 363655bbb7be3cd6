import { useMutation, useQuery } from '@tanstack/react-query';
import type { PasswordChange, Session, Setup } from '../../../src/api/resources/session.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

const key = ['session'];

export const useSession = () =>
  useQuery({ queryKey: key, queryFn: () => request<Session>('GET', '/session'), staleTime: 30_000 });

export const forgetSession = (): void => {
  queryClient.setQueryData<Session>(key, (known) => known && { ...known, authenticated: false, user: null });
};

const askAgain = () => queryClient.invalidateQueries({ queryKey: key });

export const useSetup = () =>
  useMutation({ mutationFn: (setup: Setup) => request('POST', '/setup', setup), onSuccess: askAgain });

export const useLogin = () =>
  useMutation({
    mutationFn: (credentials: { username: string; password: string; code?: string }) =>
      request('POST', '/session', credentials),
    onSuccess: askAgain,
  });

export const useLogout = () =>
  useMutation({
    mutationFn: () => request('DELETE', '/session'),
    onSettled: () => {
      forgetSession();
      // What this operator saw is not for the next one. The session itself stays, because the frame of the page hangs on it.
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
      return askAgain();
    },
  });

export const useChangePassword = () =>
  useMutation({
    mutationFn: (change: PasswordChange) => request('PUT', '/session/password', change),
    onSuccess: askAgain,
  });

export const useApiPassword = () =>
  useMutation({ mutationFn: (password: string) => request('PUT', '/api_password', { password }) });

/** An access URL brings its secret in the address; it leaves the address bar before anything else happens. */
export function takeVisit(): string | null {
  const query = new URLSearchParams(location.search);
  const access = query.get('access');
  if (access !== null) history.replaceState(null, '', location.pathname);
  return access;
}

export const useVisit = () =>
  useMutation({
    mutationFn: (access: string) => request('POST', '/session/visit', { access }),
    onSuccess: askAgain,
  });

const factor = '/session/second-factor';

export const useSecondFactor = () =>
  useQuery({
    queryKey: ['second-factor'],
    queryFn: () => request<{ second_factor: boolean; recovery_codes_left: number }>('GET', factor),
  });

const askFactorAgain = () => queryClient.invalidateQueries({ queryKey: ['second-factor'] });

export const useBeginSecondFactor = () =>
  useMutation({ mutationFn: () => request<{ secret: string; uri: string }>('POST', factor) });

export const useConfirmSecondFactor = () =>
  useMutation({
    mutationFn: (code: string) => request<{ recovery_codes: string[] }>('PUT', factor, { code }),
  });

export const useEndSecondFactor = () =>
  useMutation({
    mutationFn: (code: string) => request('DELETE', factor, { code }),
    onSuccess: askFactorAgain,
  });

export const secondFactorDone = askFactorAgain;

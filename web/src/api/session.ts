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
    mutationFn: (credentials: { username: string; password: string }) =>
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

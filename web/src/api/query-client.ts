import { MutationCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './error.ts';

/** Answers are kept while a page is open; a restart of the API is waited out, a refusal is not repeated. */
export const queryClient: QueryClient = new QueryClient({
  // A change that was refused may have been stored all the same, when only applying it failed.
  mutationCache: new MutationCache({ onError: () => queryClient.invalidateQueries() }),
  defaultOptions: {
    queries: {
      staleTime: 2000,
      // The controller is a neighbour, not the Internet: the browser's idea of being online says nothing about it.
      networkMode: 'always',
      retry: (count, error) => !(error instanceof ApiError) && count < 20,
      retryDelay: 1000,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

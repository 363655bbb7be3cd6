import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './error.ts';

/** Answers are kept while a page is open; a restart of the API is waited out, a refusal is not repeated. */
export const queryClient = new QueryClient({
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

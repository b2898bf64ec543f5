import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client';

// Only what may be asked again is asked again: a refusal stays a refusal.
export const makeQueryClient = (): QueryClient => new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.problem.status < 500),
      retryDelay: (count) => 400 * 2 ** count,
      refetchOnWindowFocus: true,
    },
    mutations: { networkMode: 'always' },
  },
});

import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { forgetAll, keep, kept } from '../kept';
import { api, ApiError, ask, OfflineError, rememberCsrf, type User } from './client';

const key = ['me'];

// Everything the last person saw, except the question of who is here: that one is being watched.
const forgetQueries = (client: QueryClient) => client.removeQueries({ predicate: (query) => query.queryKey[0] !== key[0] });

// The person signed in; null when nobody is. Other failures stay failures.
export function useMe() {
  const client = useQueryClient();
  useEffect(() => {
    const out = () => client.setQueryData(key, null);
    window.addEventListener('cho40:signed-out', out);
    return () => window.removeEventListener('cho40:signed-out', out);
  }, [client]);
  return useQuery<User | null>({
    queryKey: key,
    staleTime: 5 * 60_000,
    queryFn: async () => {
      try {
        const user = await ask(api.GET('/v1/me'));
        rememberCsrf(user.csrf_token);
        keep('me', { ...user, csrf_token: undefined });
        return user;
      } catch (error) {
        if (error instanceof ApiError && error.problem.status === 401) return null;
        const last = kept<User>('me');
        if (error instanceof OfflineError && last) return last.value;
        throw error;
      }
    },
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { login: string; password: string }) => ask(api.POST('/v1/sign-ins', { body })),
    onSuccess: (answer) => {
      rememberCsrf(answer.csrf_token);
      forgetQueries(client);
      client.setQueryData(key, answer.user);
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.DELETE('/v1/sign-ins/current')),
    onSettled: () => {
      forgetQueries(client);
      forgetAll();
      client.setQueryData(key, null);
    },
  });
}

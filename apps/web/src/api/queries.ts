import { QueryClient, queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { api, dataOf } from './client.ts';
import { ApiProblem } from './problem.ts';
import type { Me, Meta } from './types.ts';

/**
 * What was read stays until a live event says that it changed; then it is read anew while the old stays on the screen.
 * A refusal is final, what passes by itself is tried again.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => (error instanceof ApiProblem ? error.passes && failures < 2 : false),
        retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 8_000),
      },
      mutations: { retry: false },
    },
  });
}

/*
 * Keys begin with what they are about, so that a live event invalidates by prefix: ['me'], ['queues'], ['tasks', …],
 * ['orgs', …] for lists, ['org', orgId, part] for one company, ['case', caseId].
 */
export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => dataOf(api.GET('/me')), staleTime: Infinity });
export const metaQuery = queryOptions({ queryKey: ['meta'], queryFn: () => dataOf(api.GET('/meta')), staleTime: Infinity });
export const queuesQuery = queryOptions({ queryKey: ['queues'], queryFn: async () => (await dataOf(api.GET('/queues'))).items });
export const myTasksQuery = queryOptions({ queryKey: ['tasks', 'mine'], queryFn: () => dataOf(api.GET('/my/tasks', { params: { query: { pageSize: 200 } } })) });
export const myCasesQuery = queryOptions({ queryKey: ['cases', 'mine'], queryFn: () => dataOf(api.GET('/my/cases', { params: { query: { pageSize: 200 } } })) });
export const myDayQuery = queryOptions({ queryKey: ['my', 'day'], queryFn: () => dataOf(api.GET('/my/day')) });

/** Whom work and companies can be given to. */
export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: () => dataOf(api.GET('/users')), staleTime: 5 * 60_000 });

export const overviewQuery = (orgId: string) =>
  queryOptions({ queryKey: ['org', orgId, 'overview'], queryFn: () => dataOf(api.GET('/orgs/{orgId}/overview', { params: { path: { orgId } } })) });
export const stageQuery = (orgId: string) =>
  queryOptions({ queryKey: ['org', orgId, 'stage'], queryFn: () => dataOf(api.GET('/orgs/{orgId}/stage', { params: { path: { orgId } } })) });
export const caseQuery = (caseId: string) =>
  queryOptions({ queryKey: ['case', caseId], queryFn: () => dataOf(api.GET('/cases/{caseId}', { params: { path: { caseId } } })) });

/** Who is signed in. Within the shell it is always there. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Codes, labels and hours. Within the shell they are always there. */
export function useMeta(): Meta {
  return useSuspenseQuery(metaQuery).data;
}

export function useQueues() {
  return useQuery(queuesQuery);
}

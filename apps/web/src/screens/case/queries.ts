import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../../api/index.ts';

export const caseTasksQuery = (caseId: string) =>
  queryOptions({
    queryKey: ['tasks', 'case', caseId],
    queryFn: () => dataOf(api.GET('/tasks', { params: { query: { caseId, status: ['OPEN', 'IN_PROGRESS'], pageSize: 200 } } })),
  });

export const notesQuery = (caseId: string) =>
  infiniteQueryOptions({
    queryKey: ['case', caseId, 'notes'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      dataOf(api.GET('/cases/{caseId}/notes', { params: { path: { caseId }, query: { pageSize: 20, ...(pageParam ? { pageToken: pageParam } : {}) } } })),
    getNextPageParam: ({ nextPageToken }) => nextPageToken,
  });

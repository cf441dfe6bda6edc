import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ApiProblem, dataOf, onLiveEvent, overviewQuery } from '../../../api/index.ts';
import { withFirstPage, withOlderPage, type Feed } from './feed.ts';

export type Kind = 'ACTIVITY' | 'NOTE' | 'STAGE' | 'TASK' | 'CASE' | 'HANDOVER' | 'ORG';

const PAGE = 50;
const REWRITES = new Set(['ActivityUpdated', 'ActivityDeleted', 'ContactErased', 'OrgErased']);

const keyOf = (orgId: string, kinds: readonly Kind[]) => ['org', orgId, 'timeline', kinds.join(',')] as const;

function page(orgId: string, kinds: readonly Kind[], pageToken?: string): Promise<Feed> {
  return dataOf(api.GET('/orgs/{orgId}/timeline', { params: { path: { orgId }, query: { pageSize: PAGE, ...(kinds.length > 0 ? { kinds: [...kinds] } : {}), ...(pageToken ? { pageToken } : {}) } } }));
}

/** The first page of all kinds comes with the overview: the whole company page is one call. */
async function firstPage(client: QueryClient, orgId: string, kinds: readonly Kind[]): Promise<Feed> {
  if (kinds.length > 0) return page(orgId, kinds);
  const { timeline } = await client.query(overviewQuery(orgId));
  if (timeline) return timeline;
  throw new ApiProblem({ type: 'about:blank', title: '', status: 503, detail: '', instance: '', code: 'UNAVAILABLE' });
}

/** The timeline of a company as far as it was scrolled, kept up to date at its top. */
export function useTimeline(orgId: string, kinds: readonly Kind[]) {
  const client = useQueryClient();
  const queryKey = keyOf(orgId, kinds);
  const read = useQuery(
    queryOptions({
      queryKey,
      queryFn: async () => {
        const first = await firstPage(client, orgId, kinds);
        // Read after the page has come: somebody may have scrolled meanwhile.
        return withFirstPage(client.getQueryData<Feed>(queryKey), first);
      },
    }),
  );
  const older = useMutation({
    mutationFn: (token: string) => page(orgId, kinds, token),
    onSuccess: (next, token) =>
      client.setQueryData<Feed>(queryKey, (known) => (known && known.nextPageToken === token ? withOlderPage(known, next) : known)),
  });
  useEffect(
    () =>
      onLiveEvent(({ type, orgId: about }) => {
        if (about === orgId && REWRITES.has(type)) client.setQueriesData<Feed>({ queryKey: ['org', orgId, 'timeline'] }, (known) => known && { ...known, outdated: true });
      }),
    [client, orgId],
  );
  const token = read.data?.nextPageToken;
  return {
    feed: read.data,
    error: read.error,
    retry: () => void read.refetch(),
    older: { pending: older.isPending, failed: older.isError, more: token !== undefined, load: () => token !== undefined && !older.isPending && older.mutate(token) },
  };
}

import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import type { paths } from '@tom/contracts/edge';
import { api, dataOf } from '../../api/index.ts';

type Asked = NonNullable<paths['/orgs']['get']['parameters']['query']>;
type Page = paths['/orgs']['get']['responses'][200]['content']['application/json'];

/** A company with what a list shows beside it. */
export type Company = Page['items'][number];
export type Counts = Page['counts'];
export type Sort = NonNullable<Asked['sort']>;
export type NextTask = NonNullable<Asked['nextTask']>;

export const sorts: readonly Sort[] = ['name', '-name', 'updatedAt', '-updatedAt', 'createdAt', '-createdAt', 'stageSince', '-stageSince', 'nextTask'];
export const nextTasks: readonly NextTask[] = ['overdue', 'today', 'later', 'none'];
/** What is to be done first stands first. */
export const defaultSort: Sort = 'nextTask';

export interface Filter {
  readonly q: string | undefined;
  readonly stage: readonly NonNullable<Asked['stage']>[number][];
  readonly status: readonly NonNullable<Asked['status']>[number][];
  readonly orgKind: readonly NonNullable<Asked['orgKind']>[number][];
  readonly owner: string | undefined;
  readonly city: string | undefined;
  readonly nextTask: NextTask | undefined;
  readonly sort: Sort;
  /** What a report says of the companies behind one of its figures, as it came. */
  readonly figure: Readonly<Record<string, string>>;
}

/** The companies of a filter, page by page. While others are fetched, those before stay. */
function companiesQuery(filter: Filter, pageSize: number) {
  return infiniteQueryOptions({
    queryKey: ['orgs', 'list', filter, pageSize],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => dataOf(api.GET('/orgs', { params: { query: askedOf(filter, pageSize, pageParam) }, signal })),
    getNextPageParam: ({ nextPageToken }) => nextPageToken,
    placeholderData: keepPreviousData,
  });
}

function askedOf({ figure, stage, status, orgKind, ...rest }: Filter, pageSize: number, pageToken: string | undefined): Asked {
  return {
    ...figure,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(stage.length > 0 ? { stage: [...stage] } : {}),
    ...(status.length > 0 ? { status: [...status] } : {}),
    ...(orgKind.length > 0 ? { orgKind: [...orgKind] } : {}),
    pageSize,
    ...(pageToken === undefined ? {} : { pageToken }),
  };
}

export interface Companies {
  readonly items: readonly Company[];
  readonly total: number | undefined;
  /** How many there are by stage, whatever stage is chosen. */
  readonly counts: Counts | undefined;
  readonly loading: boolean;
  /** What is shown is of the filter before. */
  readonly old: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  loadMore(): void;
  retry(): void;
}

export function useCompanies(filter: Filter, pageSize = 50): Companies {
  const found = useInfiniteQuery(companiesQuery(filter, pageSize));
  const pages = found.data?.pages ?? [];
  return {
    items: pages.flatMap(({ items }) => items),
    total: pages[0]?.total,
    counts: pages[0]?.counts,
    loading: found.isPending,
    old: found.isPlaceholderData,
    error: found.data && !found.isPlaceholderData ? undefined : found.error,
    hasMore: found.hasNextPage,
    loadingMore: found.isFetchingNextPage,
    loadMore: () => void found.fetchNextPage(),
    retry: () => void found.refetch(),
  };
}

/** The cities that companies are in, the most frequent first. */
export const citiesQuery = (q: string) =>
  queryOptions({
    queryKey: ['orgs', 'cities', q],
    queryFn: async () => (await dataOf(api.GET('/orgs/values', { params: { query: { of: 'city', ...(q ? { q } : {}) } } }))).items,
    staleTime: 5 * 60_000,
  });

/** A company that may be the wanted one. */
export type Duplicate = paths['/orgs/duplicates']['get']['responses'][200]['content']['application/json']['items'][number];

/** Companies that may be the same one. */
export const duplicatesQuery = (name: string, website: string) =>
  queryOptions({
    queryKey: ['orgs', 'duplicates', name, website],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/orgs/duplicates', { params: { query: { ...(name ? { name } : {}), ...(website ? { website } : {}) } }, signal }))).items,
    gcTime: 0,
  });

/** Whether there is enough of a company to look for the same one. */
export function tellsEnough(name: string, website: string): boolean {
  return name.trim().length >= 3 || website.trim().length >= 4;
}

import { infiniteQueryOptions, useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { api, dataOf, useMeta, type Task } from '../../api/index.ts';
import { inQueueOrder } from '../../tasks/index.ts';
import { useNow } from '../../parts/index.ts';

export const buckets = ['overdue', 'today', 'week', 'later'] as const;
export type Bucket = (typeof buckets)[number];
export type Assignment = 'me' | 'unassigned' | 'any';

export interface ListFilter {
  /** The queues that are listed together; none: what I have claimed, wherever it lies. */
  readonly queues: readonly string[];
  readonly assignee: Assignment;
  readonly taskType: string | undefined;
}

type Place = Readonly<Record<string, string | undefined>>;
const PAGE = 100;

/** The tasks of one bucket, of several queues put together; the next page is the next of each queue that has one. */
function bucketQuery({ queues, assignee, taskType }: ListFilter, bucket: Bucket) {
  const begin: Place = Object.fromEntries(queues.map((queue) => [queue, undefined]));
  return infiniteQueryOptions({
    queryKey: ['tasks', 'queues', queues, bucket, assignee, taskType],
    initialPageParam: begin,
    queryFn: async ({ pageParam }) => {
      const answers = await Promise.all(
        Object.entries(pageParam).map(async ([queue, pageToken]) => {
          const query = { bucket, assignee, pageSize: PAGE, ...(taskType ? { taskType: [taskType] as never } : {}), ...(pageToken ? { pageToken } : {}) };
          return { queue, ...(await dataOf(api.GET('/queues/{queue}/tasks', { params: { path: { queue }, query } }))) };
        }),
      );
      const next = Object.fromEntries(answers.flatMap(({ queue, nextPageToken }) => (nextPageToken ? [[queue, nextPageToken]] : [])));
      return { items: answers.flatMap(({ items }) => items), next };
    },
    getNextPageParam: ({ next }): Place | undefined => (Object.keys(next).length > 0 ? next : undefined),
  });
}

export interface Group {
  readonly bucket: Bucket;
  readonly tasks: readonly Task[];
  readonly loading: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  loadMore(): void;
  retry(): void;
}

/** The list by bucket, in the order of the queue. */
export function useGroups(filter: ListFilter): readonly Group[] {
  const { priorities } = useMeta();
  const now = useNow();
  const overdue = useInfiniteQuery(bucketQuery(filter, 'overdue'));
  const today = useInfiniteQuery(bucketQuery(filter, 'today'));
  const week = useInfiniteQuery(bucketQuery(filter, 'week'));
  const later = useInfiniteQuery(bucketQuery(filter, 'later'));
  return [overdue, today, week, later].map((found, index) => ({
    bucket: buckets[index] ?? 'later',
    tasks: inQueueOrder(found.data?.pages.flatMap(({ items }) => items) ?? [], priorities, now),
    loading: found.isPending,
    error: found.data ? undefined : found.error,
    hasMore: found.hasNextPage,
    loadMore: () => void found.fetchNextPage(),
    retry: () => void found.refetch(),
  }));
}

/** What claiming would give, and why: of several queues the one that is to be done first of all. */
export function useUpNext(queues: readonly string[]) {
  const { priorities } = useMeta();
  const now = useNow();
  const answers = useQueries({
    queries: queues.map((queue) => ({
      queryKey: ['tasks', 'next', queue],
      queryFn: async () => (await api.GET('/queues/{queue}/next', { params: { path: { queue } } })).data ?? null,
    })),
  });
  const found = answers.flatMap(({ data }) => (data ? [data] : []));
  const [first] = inQueueOrder(found.map(({ task }) => task), priorities, now);
  return found.find(({ task }) => task.taskId === first?.taskId);
}

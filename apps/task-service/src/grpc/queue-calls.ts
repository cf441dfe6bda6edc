import type { Bucket } from '@tom/catalog';
import type { BucketCounts, QueueCounts, TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError } from '@tom/kernel';
import type { CallContext, Handlers } from '@tom/runtime';
import { peekNext } from '../adapters/next-task.ts';
import { countOpenTasks, type QueueCount } from '../adapters/queue-counts.ts';
import { listOpenTasks } from '../adapters/queue-view.ts';
import { readViews } from '../adapters/task-view.ts';
import type { Deps } from '../deps.ts';
import { whyNext } from '../domain/why-next.ts';
import { claimNext } from '../use-cases/claim-next.ts';
import { queuesOf, requireQueue, requireReading, requireWorking } from '../use-cases/rights.ts';
import { createChecks } from './checks.ts';

const buckets: ReadonlyMap<string, Bucket> = new Map((['overdue', 'today', 'week', 'later'] as const).map((name) => [name, name]));
const assignees: ReadonlySet<string> = new Set(['me', 'unassigned', 'any']);

/** Queues: their views, their counts, and the next task. */
export function queueCalls(deps: Deps) {
  const { catalog, clock, database } = deps;
  const { calendar } = catalog.business;

  function requireKnown(queue: string): void {
    if (!catalog.queues.has(queue)) throw DomainError.notFound('The queue');
  }

  /** The queues that a request for the next task means: the named one, or all that the caller's roles work. */
  function queuesFor(call: CallContext, queue: string | undefined): readonly string[] {
    requireWorking(deps, call);
    if (queue === undefined) return queuesOf(deps, call);
    requireKnown(queue);
    requireQueue(deps, call, queue);
    return [queue];
  }

  return {
    async listQueues(_request, call) {
      requireReading(deps, call);
      const counts = await countOpenTasks(database, calendar, clock.now(), [...catalog.queues.keys()], call.caller.id);
      const mine = new Set(queuesOf(deps, call));
      const ordered = [...catalog.queues.values()].sort((a, b) => Number(mine.has(b.queue)) - Number(mine.has(a.queue)));
      return {
        items: ordered.map(({ queue, label }) => summary(queue, label, counts.filter((count) => count.queue === queue))),
      };
    },

    async listQueueTasks(request, call) {
      const checks = createChecks();
      if (request.assignee !== undefined) checks.code('assignee', request.assignee, assignees, true);
      if (request.bucket !== undefined) checks.code('bucket', request.bucket, buckets, true);
      for (const type of request.taskTypes) checks.code('taskType', type, catalog.codes.taskTypes, true);
      const pageSize = checks.pageSize(request.pageSize);
      checks.done();
      requireReading(deps, call);
      requireKnown(request.queue);
      const { queue, taskTypes, pageToken } = request;
      const assignee = request.assignee === 'me' ? call.caller.id : request.assignee === 'unassigned' ? null : undefined;
      const filter = { queue, assignee, bucket: buckets.get(request.bucket ?? ''), taskTypes };
      return listOpenTasks(database, calendar, clock.now(), filter, { pageSize, pageToken });
    },

    async listMyTasks(request, call) {
      const checks = createChecks();
      const pageSize = checks.pageSize(request.pageSize);
      checks.done();
      requireReading(deps, call);
      const filter = { assignee: call.caller.id, taskTypes: [] };
      return listOpenTasks(database, calendar, clock.now(), filter, { pageSize, pageToken: request.pageToken });
    },

    async peekNext({ queue }, call) {
      const queues = queuesFor(call, queue);
      const now = clock.now();
      const taskId = await peekNext(database, queues, calendar, now);
      const [view] = taskId === undefined ? [] : await readViews(database, [taskId]);
      return { task: view, why: whyNext(view?.task, catalog, now) };
    },

    claimNext: async (request, call) => claimNext(deps, call, request, queuesFor(call, request.queue)),
  } satisfies Partial<Handlers<typeof TaskServiceService>>;
}

/** A queue's counts as they are shown. */
export function summary(queue: string, label: { de: string; en: string }, counts: readonly QueueCount[]): QueueCounts {
  const byBucket = (of: 'tasks' | 'unassigned' | 'mine'): BucketCounts => {
    const inBucket = (bucket: Bucket) => counts.find((count) => count.bucket === bucket)?.[of] ?? 0;
    return { overdue: inBucket('overdue'), today: inBucket('today'), week: inBucket('week'), later: inBucket('later') };
  };
  const sum = (of: 'tasks' | 'unassigned' | 'mine') => counts.reduce((total, count) => total + count[of], 0);
  const dues = counts.flatMap(({ oldestDueAt }) => (oldestDueAt ? [oldestDueAt.getTime()] : []));
  return {
    queue,
    label: { ...label },
    open: sum('tasks'),
    ...byBucket('tasks'),
    unassigned: sum('unassigned'),
    mine: sum('mine'),
    oldestDueAt: dues.length > 0 ? new Date(Math.min(...dues)).toISOString() : undefined,
    byMine: byBucket('mine'),
    byUnassigned: byBucket('unassigned'),
    byAny: byBucket('tasks'),
  };
}

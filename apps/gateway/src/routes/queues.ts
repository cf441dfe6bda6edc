import { z } from 'zod';
import type { BucketCounts, NextResponse } from '@tom/contracts/tom/task/v1/task_service';
import { noContent, ok, route, type Answer, type Route } from '../edge/route.ts';
import { listOf } from '../edge/codes.ts';
import { page, paging, systemText, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';
import { showTask, showTasks, taskSchema } from './tasks.ts';

const count = z.number().int();
const buckets = z.object({ overdue: count, today: count, week: count, later: count });
const next = z.object({ task: taskSchema, why: systemText });
const none: BucketCounts = { overdue: 0, today: 0, week: 0, later: 0 };

function answerOf({ task, why }: NextResponse): Answer {
  return task ? ok({ task: showTask(task), why }) : noContent;
}

/** The queues: counts, views in their order, and claiming the next task. */
export function queueRoutes({ services: { task }, codes }: RouteContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/queues',
      tag: 'Queues',
      summary: 'All queues with their counts, those first that I may work.',
      answers: {
        200: z.object({
          items: z.array(
            z.object({
              queue: z.string(),
              label: systemText,
              open: count,
              overdue: count,
              today: count,
              week: count,
              later: count,
              unassigned: count,
              mine: count,
              oldestDueAt: time.optional(),
              byAssignment: z.object({ mine: buckets, unassigned: buckets, any: buckets }),
            }),
          ),
        }),
      },
      async handle({ call }) {
        const { items } = await task.listQueues({}, call);
        return ok({
          items: items.map(({ byMine, byUnassigned, byAny, ...queue }) => ({
            ...queue,
            byAssignment: { mine: byMine ?? none, unassigned: byUnassigned ?? none, any: byAny ?? none },
          })),
        });
      },
    }),
    route({
      method: 'get',
      path: '/queues/{queue}/tasks',
      tag: 'Queues',
      summary: 'The open tasks of a queue: overdue first, then due day, priority, time.',
      query: z.object({
        assignee: z.enum(['me', 'unassigned', 'any']).optional(),
        bucket: z.enum(['overdue', 'today', 'week', 'later']).optional(),
        taskType: listOf(codes.taskType),
        ...paging,
      }),
      answers: { 200: page(taskSchema) },
      async handle({ params, query, call }) {
        const { taskType, ...rest } = query;
        return showTasks(await task.listQueueTasks({ queue: params['queue'] ?? '', ...rest, taskTypes: taskType ?? [] }, call));
      },
    }),
    route({
      method: 'get',
      path: '/queues/{queue}/next',
      tag: 'Queues',
      summary: 'What claim-next would give from this queue, and why.',
      answers: { 200: next, 204: undefined },
      handle: async ({ params, call }) => answerOf(await task.peekNext({ queue: params['queue'] ?? '' }, call)),
    }),
    route({
      method: 'post',
      path: '/queues/{queue}/claim-next',
      tag: 'Queues',
      summary: 'Claim the next task of this queue.',
      body: z.strictObject({}),
      answers: { 200: next, 204: undefined },
      handle: async ({ params, call }) => answerOf(await task.claimNext({ queue: params['queue'] ?? '' }, call)),
    }),
    route({
      method: 'post',
      path: '/my/claim-next',
      tag: 'My work',
      summary: 'Claim the next task over all queues that my roles work.',
      body: z.strictObject({}),
      answers: { 200: next, 204: undefined },
      handle: async ({ call }) => answerOf(await task.claimNext({}, call)),
    }),
  ];
}

import { z } from 'zod';
import type { WorkLoad } from '@tom/contracts/tom/task/v1/task_service';
import { ok, route, type Route } from '../edge/route.ts';
import { systemText, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';
import { figure, figureSchema, reportQuery, spanSchema, type Figure, type Query } from './report-figure.ts';

const OPEN = ['OPEN', 'IN_PROGRESS'];

const load = z.object({
  key: z.string().nullable(),
  label: systemText.optional(),
  open: figureSchema,
  overdue: figureSchema,
  today: figureSchema,
  week: figureSchema,
  later: figureSchema,
  unassigned: figureSchema,
  oldestDueAt: time.optional(),
  oldestCreatedAt: time.optional(),
  ages: z.array(figureSchema.extend({ daysFrom: z.number().int(), daysTo: z.number().int().optional() })),
  done: figureSchema,
  doneByDay: z.array(figureSchema.extend({ date: z.string().meta({ format: 'date' }) })),
});

interface Instants {
  readonly now: string | undefined;
  readonly endOfToday: string | undefined;
  readonly endOfWeek: string | undefined;
  readonly begins: string | undefined;
  readonly ends: string | undefined;
}

/** What waits in the queues, how old it is, and what was done. */
export function queuesReport({ services: { task }, catalog }: RouteContext): Route {
  return route({
    method: 'get',
    path: '/reports/queues',
    tag: 'Reports',
    summary: 'Load and age of the open tasks, and what was done in the span, by queue or by person; days without anything done are left out.',
    query: reportQuery(['queue', 'person']),
    answers: { 200: z.object({ ...spanSchema, items: z.array(load) }) },
    async handle({ query, call }) {
      const { span, items, now, endOfToday, endOfWeek } = await task.getQueuesReport(query, call);
      const instants = { now, endOfToday, endOfWeek, begins: span?.begins, ends: span?.ends };
      const show = query.by === 'person' ? loadOfPerson : loadOfQueue;
      return ok({
        from: span?.from,
        to: span?.to,
        by: query.by ?? 'queue',
        items: items.map((item) => ({
          key: item.key ?? null,
          ...(query.by !== 'person' && { label: catalog.queues.get(item.key ?? '')?.label }),
          oldestDueAt: item.oldestDueAt,
          oldestCreatedAt: item.oldestCreatedAt,
          ...show(item, instants),
        })),
      });
    },
  });
}

/** A queue's buckets are listed as its own view shows them. */
function loadOfQueue(item: WorkLoad, instants: Instants) {
  const queue = item.key ?? '';
  const view = (count: number, query: Query) => figure(count, `/queues/${queue}/tasks`, query);
  const open = { queue, status: OPEN };
  return {
    open: view(item.open, {}),
    overdue: view(item.due?.overdue ?? 0, { bucket: 'overdue' }),
    today: view(item.due?.today ?? 0, { bucket: 'today' }),
    week: view(item.due?.week ?? 0, { bucket: 'week' }),
    later: view(item.due?.later ?? 0, { bucket: 'later' }),
    unassigned: view(item.unassigned, { assignee: 'unassigned' }),
    ages: item.ages.map(({ createdFrom, createdTo, daysFrom, daysTo, tasks: count }) => ({
      daysFrom,
      daysTo,
      ...tasks(count, { ...open, createdFrom, createdTo }),
    })),
    ...doneOf(item, { queue }, instants),
  };
}

function loadOfPerson(item: WorkLoad, instants: Instants) {
  const whose = item.key === undefined ? { unassigned: 'true' } : { assignee: item.key };
  const open = { ...whose, status: OPEN };
  const { now, endOfToday, endOfWeek } = instants;
  return {
    open: tasks(item.open, open),
    overdue: tasks(item.due?.overdue ?? 0, { ...open, dueTo: now }),
    today: tasks(item.due?.today ?? 0, { ...open, dueFrom: now, dueTo: endOfToday }),
    week: tasks(item.due?.week ?? 0, { ...open, dueFrom: endOfToday, dueTo: endOfWeek }),
    later: tasks(item.due?.later ?? 0, { ...open, dueFrom: endOfWeek }),
    unassigned: item.key === undefined ? tasks(item.unassigned, open) : { count: 0 },
    ages: [],
    ...(item.key === undefined ? { done: { count: 0 }, doneByDay: [] } : doneOf(item, { closedBy: item.key }, instants)),
  };
}

function doneOf(item: WorkLoad, whose: Query, { begins, ends }: Instants) {
  const done = { ...whose, status: 'DONE' };
  return {
    done: tasks(item.done, { ...done, closedFrom: begins, closedTo: ends }),
    doneByDay: item.doneByDay.map((day) => ({ date: day.date, ...tasks(day.count, { ...done, closedFrom: day.begins, closedTo: day.ends }) })),
  };
}

function tasks(count: number, query: Query): Figure {
  return figure(count, '/tasks', query);
}

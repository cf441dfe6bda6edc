import { reportSpan, type ReportSpan } from '@tom/catalog';
import type { AgeBand, DayCount, TaskServiceService, WorkLoad } from '@tom/contracts/tom/task/v1/task_service';
import type { Handlers } from '@tom/runtime';
import { countOpenTasks } from '../adapters/queue-counts.ts';
import { agesByQueue, doneByDay, loadByPerson, readTemplateTasks, type AgeCount, type Band, type DoneCount } from '../adapters/reports.ts';
import type { Deps } from '../deps.ts';
import { requireReading } from '../use-cases/rights.ts';
import { createChecks } from './checks.ts';
import { summary } from './queue-calls.ts';

const groupings: ReadonlySet<string> = new Set(['queue', 'person']);
const MOST_PERSONS = 50;
const STATS_DAYS = 90;
const DAY_MS = 86_400_000;
/** The ages that open tasks are told apart by, in days. */
const ages = [
  { from: 0, to: 1 },
  { from: 1, to: 3 },
  { from: 3, to: 7 },
  { from: 7, to: 14 },
  { from: 14, to: 30 },
  { from: 30, to: undefined },
] as const;

/** The load of queues and people, and what templates' tasks are like. */
export function reportCalls(deps: Deps) {
  const { catalog, clock, database } = deps;
  const { calendar, timeZone } = catalog.business;
  const queues = [...catalog.queues.values()];

  async function byQueue(span: ReportSpan, now: Date): Promise<WorkLoad[]> {
    const names = queues.map(({ queue }) => queue);
    const bands = ages.map(({ from, to }): Band => ({ from: to === undefined ? null : before(now, to), to: from === 0 ? null : before(now, from) }));
    const [counts, ageCounts, done] = await Promise.all([
      countOpenTasks(database, calendar, now, names, ''),
      agesByQueue(database, names, bands),
      doneByDay(database, 'queue', span),
    ]);
    return queues.map(({ queue, label }) => {
      const { open, unassigned, oldestDueAt, byAny } = summary(queue, label, counts.filter((count) => count.queue === queue));
      const created = ageCounts.filter((count) => count.queue === queue);
      const oldest = created.map((count) => count.oldest.getTime());
      return {
        key: queue,
        open,
        due: byAny,
        unassigned,
        oldestDueAt,
        oldestCreatedAt: oldest.length > 0 ? new Date(Math.min(...oldest)).toISOString() : undefined,
        ages: ageBands(bands, created),
        ...doneOf(done.filter(({ key }) => key === queue), span),
      };
    });
  }

  async function byPerson(span: ReportSpan, now: Date): Promise<WorkLoad[]> {
    const [loads, done] = await Promise.all([loadByPerson(database, calendar, now, MOST_PERSONS), doneByDay(database, 'person', span)]);
    const idle = [...new Set(done.map(({ key }) => key))].filter((key) => !loads.some(({ assignee }) => assignee === key));
    const nothing = idle.map((assignee) => ({ assignee, open: 0, overdue: 0, today: 0, week: 0, oldestDueAt: null }));
    return [...loads, ...nothing].slice(0, MOST_PERSONS).map(({ assignee, open, overdue, today, week, oldestDueAt }) => ({
      key: assignee ?? undefined,
      open,
      due: { overdue, today, week, later: open - overdue - today - week },
      unassigned: assignee === null ? open : 0,
      oldestDueAt: oldestDueAt?.toISOString(),
      oldestCreatedAt: undefined,
      ages: [],
      ...doneOf(assignee === null ? [] : done.filter(({ key }) => key === assignee), span),
    }));
  }

  return {
    async getQueuesReport(request, call) {
      const checks = createChecks();
      checks.code('by', request.by, groupings);
      checks.done();
      const now = clock.now();
      const span = reportSpan(timeZone, request, now);
      requireReading(deps, call);
      const { from, to, begins, ends } = span;
      return {
        span: { from, to, begins: begins.toISOString(), ends: ends.toISOString() },
        items: request.by === 'person' ? await byPerson(span, now) : await byQueue(span, now),
        now: now.toISOString(),
        endOfToday: calendar.endOfDay(now).toISOString(),
        endOfWeek: calendar.endOfWeek(now).toISOString(),
      };
    },

    async getTemplateTaskStats({ template }, call) {
      const checks = createChecks();
      checks.required('template', template, 200);
      checks.done();
      requireReading(deps, call);
      const rows = await readTemplateTasks(database, template, before(clock.now(), STATS_DAYS));
      return {
        items: rows.map(({ rule, taskKey, median, ...row }) => ({
          ...row,
          rule: rule ?? undefined,
          taskKey: taskKey ?? undefined,
          medianSeconds: median ?? undefined,
        })),
      };
    },
  } satisfies Partial<Handlers<typeof TaskServiceService>>;
}

function before(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

function ageBands(bands: readonly Band[], counts: readonly AgeCount[]): AgeBand[] {
  return ages.map(({ from, to }, index) => ({
    createdFrom: bands[index]?.from?.toISOString(),
    createdTo: bands[index]?.to?.toISOString(),
    daysFrom: from,
    daysTo: to,
    tasks: counts.find(({ band }) => band === index)?.tasks ?? 0,
  }));
}

function doneOf(counts: readonly DoneCount[], { days }: ReportSpan): { done: number; doneByDay: DayCount[] } {
  const byDay = new Map(counts.map(({ day, done }) => [day, done]));
  return {
    done: counts.reduce((sum, { done }) => sum + done, 0),
    doneByDay: days.flatMap(({ date, begins, ends }, index) => {
      const count = byDay.get(index);
      return count === undefined ? [] : [{ date, begins: begins.toISOString(), ends: ends.toISOString(), count }];
    }),
  };
}

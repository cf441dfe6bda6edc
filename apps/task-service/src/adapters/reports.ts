import type { BusinessCalendar } from '@tom/catalog';
import { sql, type Database } from '@tom/postgres';

interface Span {
  readonly begins: Date;
  readonly ends: Date;
}

interface Days {
  readonly days: readonly { readonly begins: Date; readonly ends: Date }[];
}

/** How many open tasks were created in a band of ages; `band` is its place in the list that was asked for. */
export interface AgeCount {
  readonly queue: string;
  readonly band: number;
  readonly tasks: number;
  readonly oldest: Date;
}

/** From the first instant on, before the second; null: any. */
export interface Band {
  readonly from: Date | null;
  readonly to: Date | null;
}

// One range of task_age for each queue and band, read from the index alone.
export const countAges = sql(
  'report.ages',
  `select q.queue, b.band::int, c.tasks, c.oldest
   from unnest($1::text[]) as q(queue)
   cross join unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as b("from", "to", band)
   cross join lateral (
     select count(*)::int as tasks, min(created_at) as oldest from task
     where status in ('OPEN', 'IN_PROGRESS') and assigned_queue = q.queue
       and created_at >= coalesce(b."from", '-infinity') and created_at < coalesce(b."to", 'infinity')) c
   where c.tasks > 0`,
);

/** Open tasks of these queues by the bands of when they were created. */
export async function agesByQueue(database: Database, queues: readonly string[], bands: readonly Band[]): Promise<AgeCount[]> {
  const rows = await database.query<AgeCount>(countAges, [queues, bands.map(({ from }) => from), bands.map(({ to }) => to)]);
  return rows.map((row) => ({ ...row, band: row.band - 1 }));
}

/** The open tasks of a person (null: of nobody). */
export interface PersonLoad {
  readonly assignee: string | null;
  readonly open: number;
  readonly overdue: number;
  readonly today: number;
  readonly week: number;
  readonly oldestDueAt: Date | null;
}

// Everything that is counted stands in task_queue: one walk through the index, grouped by whose they are.
export const countByPerson = sql(
  'report.by_person',
  `select assignee, count(*)::int as open, count(*) filter (where due_order <= $1)::int as overdue,
     count(*) filter (where due_order > $1 and due_order < $2)::int as today,
     count(*) filter (where due_order >= $2 and due_order < $3)::int as week,
     min(due_order) filter (where due_order < timestamptz '9999-01-01 00:00:00+00') as "oldestDueAt"
   from task where status in ('OPEN', 'IN_PROGRESS') group by assignee order by open desc, assignee limit $4`,
);

export function loadByPerson(database: Database, calendar: BusinessCalendar, now: Date, most: number): Promise<PersonLoad[]> {
  return database.query<PersonLoad>(countByPerson, [now, calendar.endOfDay(now), calendar.endOfWeek(now), most]);
}

/** How many tasks of a queue, or by a person, were done on a day; `day` is its place in the span. */
export interface DoneCount {
  readonly key: string | null;
  readonly day: number;
  readonly done: number;
}

// The day by halving the list of midnights: a division by the time zone took ten times as long.
const done = (key: string) =>
  `select ${key} as key, width_bucket(closed_at, $3::timestamptz[]) - 1 as day, count(*)::int as done
   from task where status = 'DONE' and closed_at >= $1 and closed_at < $2 group by 1, 2`;
export const countDone = { queue: sql('report.done_by_queue', done('assigned_queue')), person: sql('report.done_by_person', done('closed_by')) };

/** What was done in the span, day by day. */
export function doneByDay(database: Database, by: 'queue' | 'person', { begins, ends, days }: Span & Days): Promise<DoneCount[]> {
  return database.query<DoneCount>(countDone[by], [begins, ends, days.map((day) => day.begins)]);
}

/** The tasks that one part of a template made. */
export interface TemplateTaskRow {
  readonly version: number;
  readonly rule: string | null;
  readonly taskKey: string | null;
  readonly taskType: string;
  readonly open: number;
  readonly done: number;
  readonly median: number | null;
}

export const templateTasks = sql(
  'report.template_tasks',
  `select source_version as version, source_rule as rule, source_task_key as "taskKey", task_type as "taskType",
     count(*) filter (where status in ('OPEN', 'IN_PROGRESS'))::int as open, count(*) filter (where status = 'DONE')::int as done,
     percentile_cont(0.5) within group (order by extract(epoch from closed_at - created_at)::float8)
       filter (where status = 'DONE') as median
   from task
   where source_template = $1 and (status in ('OPEN', 'IN_PROGRESS') or status = 'DONE' and closed_at >= $2)
   group by 1, 2, 3, 4`,
);

/** Open now, and done since the instant. */
export function readTemplateTasks(database: Database, template: string, since: Date): Promise<TemplateTaskRow[]> {
  return database.query<TemplateTaskRow>(templateTasks, [template, since]);
}


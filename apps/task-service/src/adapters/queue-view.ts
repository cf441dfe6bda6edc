import type { Bucket, BusinessCalendar } from '@tom/catalog';
import type { TaskView } from '@tom/contracts/tom/task/v1/task_service';
import { decodePageToken, DomainError, encodePageToken } from '@tom/kernel';
import { queryBuilder, type Database } from '@tom/postgres';
import { toView, viewColumns, viewJoins, type ViewRow } from './task-view.ts';

/** Which open tasks are wanted; `assignee` null: unassigned ones, absent: anybody's. */
export interface QueueFilter {
  readonly queue?: string | undefined;
  readonly assignee?: string | null | undefined;
  readonly bucket?: Bucket | undefined;
  readonly taskTypes: readonly string[];
}

export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string | undefined;
}

export interface TaskPage {
  readonly items: TaskView[];
  readonly nextPageToken?: string | undefined;
}

/** SQL with its values in their order. */
interface Part {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Where a page ended: the present of the first page, its snapshot, and the place of the last task in the order. */
interface Cursor {
  readonly asOf: Date;
  readonly snapshot: string;
  readonly place: readonly unknown[];
  readonly pending: boolean;
}

interface PlacedRow extends ViewRow {
  pending: boolean;
  place_day: Date;
  place_rank: number;
  place_due: Date;
  snapshot: string;
}

const OPEN = `t.status in ('OPEN', 'IN_PROGRESS')`;
const PLACE = 'due_day, priority_rank, due_order, task_id';

const all = (...parts: readonly (Part | false | undefined)[]): Part => {
  const given = parts.filter((part): part is Part => Boolean(part));
  return { text: given.map((part) => part.text).join(' and '), values: given.flatMap((part) => part.values) };
};
const part = (text: string, ...values: readonly unknown[]): Part => ({ text, values });

/**
 * Open tasks in the queue's order: overdue first, then due day, priority, time. Overdue and pending tasks are two ranges
 * of one index: within the days that have passed all are overdue, only today has both.
 *
 * Going through the pages shows every task that was there all the time once, also one that is moved meanwhile: the token
 * carries the snapshot of the first page, and each task is shown in the place that it had then. One that stood elsewhere
 * has its old place in task_place.
 */
export async function listOpenTasks(
  database: Database,
  calendar: BusinessCalendar,
  now: Date,
  filter: QueueFilter,
  page: PageRequest,
): Promise<TaskPage> {
  const cursor = readToken(filter, page.pageToken);
  const asOf = cursor?.asOf ?? now;
  const limit = page.pageSize + 1;
  const branches = [
    cursor?.pending ? undefined : range(false, filter, calendar, asOf, cursor, limit),
    range(true, filter, calendar, asOf, cursor, limit),
    cursor && moved(filter, calendar, asOf, cursor, limit),
  ].filter((branch) => branch !== undefined);
  const text = `
    with page as (${branches.map((branch) => `(${branch.text})`).join(' union all ')})
    select p.pending, p.due_day as place_day, p.priority_rank as place_rank, p.due_order as place_due,
      pg_current_snapshot()::text as snapshot, ${viewColumns}
    from (select * from page order by pending, ${PLACE} limit ${limit}) p
    join task t on t.task_id = p.task_id ${viewJoins}
    order by p.pending, p.due_day, p.priority_rank, p.due_order, p.task_id`;
  const rows = await database.run<PlacedRow>(
    queryBuilder.raw(text, branches.flatMap((branch) => branch.values) as never[]),
  );
  const shown = rows.slice(0, page.pageSize);
  const last = shown.at(-1);
  return {
    items: shown.map(toView),
    nextPageToken: last && rows.length > shown.length ? tokenAfter(filter, asOf, cursor?.snapshot ?? last.snapshot, last) : undefined,
  };
}

/** One of the two ranges, from the cursor on. */
function range(pending: boolean, filter: QueueFilter, calendar: BusinessCalendar, asOf: Date, cursor: Cursor | undefined, limit: number): Part {
  const inside = pending
    ? part('t.due_day >= ? and t.due_order > ?', calendar.startOfDay(asOf), asOf)
    : part('t.due_day < ? and t.due_order <= ?', calendar.endOfDay(asOf), asOf);
  const where = all(
    ...wanted(filter, calendar, asOf),
    inside,
    cursor && part('pg_visible_in_snapshot(t.placed_in, ?::pg_snapshot)', cursor.snapshot),
    cursor && cursor.pending === pending && afterPlace('t', cursor),
  );
  return {
    text: `select ${pending} as pending, t.due_day, t.priority_rank, t.due_order, t.task_id from task t
      where ${where.text} order by t.due_day, t.priority_rank, t.due_order, t.task_id limit ${limit}`,
    values: where.values,
  };
}

/** What has been moved since the first page, in the place where it stood then. */
function moved(filter: QueueFilter, calendar: BusinessCalendar, asOf: Date, cursor: Cursor, limit: number): Part {
  const where = all(
    part('m.left_in >= pg_snapshot_xmin(?::pg_snapshot)', cursor.snapshot),
    part('not pg_visible_in_snapshot(m.left_in, ?::pg_snapshot)', cursor.snapshot),
    part('pg_visible_in_snapshot(m.placed_in, ?::pg_snapshot)', cursor.snapshot),
    ...wanted(filter, calendar, asOf),
    cursor.pending
      ? all(part('m.due_order > ?', asOf), afterPlace('m', cursor))
      : or(part('m.due_order > ?', asOf), afterPlace('m', cursor)),
  );
  return {
    text: `select m.due_order > ? as pending, m.due_day, m.priority_rank, m.due_order, m.task_id
      from task_place m join task t on t.task_id = m.task_id where ${where.text}
      order by 1, m.due_day, m.priority_rank, m.due_order, m.task_id limit ${limit}`,
    values: [asOf, ...where.values],
  };
}

function or(first: Part, second: Part): Part {
  return { text: `(${first.text} or ${second.text})`, values: [...first.values, ...second.values] };
}

function afterPlace(alias: string, cursor: Cursor): Part {
  const columns = `(${alias}.due_day, ${alias}.priority_rank, ${alias}.due_order, ${alias}.task_id)`;
  return part(`${columns} > (?::timestamptz, ?::smallint, ?::timestamptz, ?::uuid)`, ...cursor.place);
}

function wanted(filter: QueueFilter, calendar: BusinessCalendar, asOf: Date): (Part | false | undefined)[] {
  const { queue, assignee, bucket, taskTypes } = filter;
  return [
    part(OPEN),
    queue !== undefined && part('t.assigned_queue = ?', queue),
    assignee === null ? part('t.assignee is null') : assignee !== undefined && part('t.assignee = ?', assignee),
    taskTypes.length > 0 && part('t.task_type = any (?)', taskTypes),
    bucket === 'overdue' && part('t.due_order <= ?', asOf),
    bucket !== undefined && bucket !== 'overdue' && part('t.due_order > ?', asOf),
    bucket === 'today' && part('t.due_day < ?', calendar.endOfDay(asOf)),
    bucket === 'week' && part('t.due_day >= ? and t.due_day < ?', calendar.endOfDay(asOf), calendar.endOfWeek(asOf)),
    bucket === 'later' && part('t.due_day >= ?', calendar.endOfWeek(asOf)),
  ];
}

function tokenAfter(filter: QueueFilter, asOf: Date, snapshot: string, last: PlacedRow): string {
  return encodePageToken(scopeOf(filter), [
    asOf.toISOString(),
    snapshot,
    last.pending ? 1 : 0,
    last.place_day.toISOString(),
    last.place_rank,
    last.place_due.toISOString(),
    last.task_id,
  ]);
}

function readToken(filter: QueueFilter, token: string | undefined): Cursor | undefined {
  const keys = decodePageToken(scopeOf(filter), token);
  if (!keys) return undefined;
  const [asOf, snapshot, pending, day, rank, due, taskId] = keys;
  const fits =
    isInstant(asOf) && isInstant(day) && isInstant(due) &&
    /^\d{1,20}:\d{1,20}:[\d,]{0,4000}$/.test(String(snapshot)) &&
    Number.isInteger(rank) && Math.abs(Number(rank)) < 1000 &&
    /^[0-9a-f-]{36}$/.test(String(taskId));
  if (!fits) {
    throw DomainError.invalid([{ path: 'pageToken', message: 'is not a token of this list', expected: 'the nextPageToken of the page before' }]);
  }
  return { asOf: new Date(String(asOf)), snapshot: String(snapshot), pending: pending === 1, place: [day, rank, due, taskId] };
}

function isInstant(key: unknown): boolean {
  return typeof key === 'string' && !Number.isNaN(Date.parse(key));
}

const scopeOf = (filter: QueueFilter): unknown => ['open-tasks', filter];

import { decodePageToken, DomainError, encodePageToken, isUuid } from '@tom/kernel';
import { queryBuilder, sql, type Database, type Tx } from '@tom/postgres';
import type { PageRequest, TaskPage } from './queue-view.ts';
import { toView, viewColumns, viewJoins, type ViewRow } from './task-view.ts';

/** All tasks, whatever their status; what is absent or empty does not matter. */
export interface TaskFilter {
  readonly orgId?: string | undefined;
  readonly caseId?: string | undefined;
  readonly statuses: readonly string[];
  readonly taskTypes: readonly string[];
  readonly sourceActivityId?: string | undefined;
  readonly q?: string | undefined;
  readonly queue?: string | undefined;
  /** A person; '' for nobody. */
  readonly assignee?: string | undefined;
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
  readonly closedFrom?: string | undefined;
  readonly closedTo?: string | undefined;
  readonly closedBy?: string | undefined;
  readonly dueFrom?: string | undefined;
  readonly dueTo?: string | undefined;
  readonly template?: string | undefined;
  readonly taskKey?: string | undefined;
}

/** Newest first by (created, id), neither of which ever changes. */
export async function listTasks(database: Database, filter: TaskFilter, page: PageRequest): Promise<TaskPage> {
  const [createdAt, taskId] = readToken(filter, page.pageToken) ?? [];
  const query = queryBuilder('task as t').select('t.task_id', 't.created_at');
  if (filter.orgId) void query.where('t.org_id', filter.orgId);
  if (filter.caseId) void query.where('t.case_id', filter.caseId);
  if (filter.sourceActivityId) void query.where('t.source_activity_id', filter.sourceActivityId);
  if (filter.statuses.length > 0) void query.whereIn('t.status', filter.statuses);
  if (filter.taskTypes.length > 0) void query.whereIn('t.task_type', filter.taskTypes);
  if (filter.queue) void query.where('t.assigned_queue', filter.queue);
  if (filter.assignee !== undefined) void query.where('t.assignee', filter.assignee === '' ? null : filter.assignee);
  if (filter.closedBy) void query.where('t.closed_by', filter.closedBy);
  if (filter.template) void query.where('t.source_template', filter.template);
  if (filter.taskKey) void query.where('t.source_task_key', filter.taskKey);
  for (const [column, from, to] of [
    ['t.created_at', filter.createdFrom, filter.createdTo],
    ['t.closed_at', filter.closedFrom, filter.closedTo],
    // One without a due date is due at the end of time.
    ['t.due_order', filter.dueFrom, filter.dueTo],
  ] as const) {
    if (from) void query.where(column, '>=', from);
    if (to) void query.where(column, '<', to);
  }
  if (filter.q) {
    const pattern = `%${filter.q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    // Two indexes of trigrams, each asked by itself. Call-backs are not in the one of titles, which would slow down the hot
    // path: the open ones are read through, 100,000 in less than 100 ms.
    void query.whereRaw(
      `t.task_id in (
         select task_id from task where title ilike ? and task_type <> 'CALL_BACK' and status in ('OPEN', 'IN_PROGRESS')
         union all
         select task_id from task where title ilike ? and (task_type = 'CALL_BACK' and status in ('OPEN', 'IN_PROGRESS')
           or status in ('DONE', 'CANCELLED') and ?)
         union all
         select k.task_id from org o join task k on k.org_id = o.org_id where o.name ilike ?)`,
      [pattern, pattern, wantsClosed(filter), pattern],
    );
  }
  if (createdAt !== undefined && taskId !== undefined) {
    void query.whereRaw('(t.created_at, t.task_id) < (?::timestamptz, ?::uuid)', [createdAt, taskId]);
  }
  void query.orderBy([
    { column: 't.created_at', order: 'desc' },
    { column: 't.task_id', order: 'desc' },
  ]).limit(page.pageSize + 1);
  const { sql: text, bindings } = query.toSQL();
  const rows = await database.run<ViewRow>(
    queryBuilder.raw(
      `select ${viewColumns} from (${text}) p join task t on t.task_id = p.task_id ${viewJoins}
       order by t.created_at desc, t.task_id desc`,
      bindings as never[],
    ),
  );
  const shown = rows.slice(0, page.pageSize);
  const last = shown.at(-1);
  const more = last !== undefined && rows.length > shown.length;
  return {
    items: shown.map(toView),
    nextPageToken: more ? encodePageToken(scopeOf(filter), [last.created_at.toISOString(), last.task_id]) : undefined,
  };
}

const facts = sql(
  'task.facts',
  `select i.org_id as "orgId", count(t.task_id)::int as open,
     count(*) filter (where t.origin in ('ACTIVITY', 'PERSON') and t.due_at >= $2)::int as "nextStepsToday",
     count(*) filter (where t.origin in ('ACTIVITY', 'PERSON') and t.due_at > $3)::int as "nextStepsFuture"
   from unnest($1::uuid[]) as i(org_id)
   left join task t on t.org_id = i.org_id and t.status in ('OPEN', 'IN_PROGRESS')
   group by i.org_id`,
);

/** What guards ask about tasks, for many companies at once. */
export function readTaskFacts(database: Pick<Database | Tx, 'query'>, orgIds: readonly string[], startOfToday: Date, now: Date) {
  return database.query<{ orgId: string; open: number; nextStepsToday: number; nextStepsFuture: number }>(facts, [
    orgIds,
    startOfToday,
    now,
  ]);
}

function wantsClosed(filter: TaskFilter): boolean {
  return filter.statuses.some((status) => status === 'DONE' || status === 'CANCELLED');
}

const scopeOf = (filter: TaskFilter): unknown => ['tasks', filter];

function readToken(filter: TaskFilter, token: string | undefined): [string, string] | undefined {
  const keys = decodePageToken(scopeOf(filter), token);
  if (!keys) return undefined;
  const [createdAt, taskId] = keys.map(String);
  if (createdAt === undefined || taskId === undefined || Number.isNaN(Date.parse(createdAt)) || !isUuid(taskId)) {
    throw DomainError.invalid([{ path: 'pageToken', message: 'is not a token of this list', expected: 'the nextPageToken of the page before' }]);
  }
  return [createdAt, taskId];
}

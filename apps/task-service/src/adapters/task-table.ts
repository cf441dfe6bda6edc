import type { Catalog } from '@tom/catalog';
import { sql, type Database, type Tx } from '@tom/postgres';
import { isOpen, type Task } from '../domain/task.ts';

/** A row of `task` as Postgres answers it. */
export interface TaskRow {
  task_id: string;
  org_id: string;
  case_id: string | null;
  contact_id: string | null;
  task_type: string;
  title: string;
  description: string | null;
  assigned_queue: string;
  assignee_role: string;
  assignee: string | null;
  assigned_at: Date | null;
  priority: string;
  due_at: Date | null;
  due_is_end_of_day: boolean;
  status: Task['status'];
  waiting_for: string | null;
  origin: Task['origin'];
  source_activity_id: string | null;
  source_template: string | null;
  source_version: number | null;
  source_rule: string | null;
  source_task_key: string | null;
  result: string | null;
  version: number;
  revision: number;
  created_at: Date;
  created_by: string;
  updated_at: Date;
  updated_by: string;
  closed_at: Date | null;
  closed_by: string | null;
  overdue_told_for: Date | null;
}

const types: Readonly<Record<keyof TaskRow, string>> = {
  task_id: 'uuid',
  org_id: 'uuid',
  case_id: 'uuid',
  contact_id: 'uuid',
  task_type: 'text',
  title: 'text',
  description: 'text',
  assigned_queue: 'text',
  assignee_role: 'text',
  assignee: 'text',
  assigned_at: 'timestamptz',
  priority: 'text',
  due_at: 'timestamptz',
  due_is_end_of_day: 'boolean',
  status: 'text',
  waiting_for: 'text',
  origin: 'text',
  source_activity_id: 'uuid',
  source_template: 'text',
  source_version: 'int',
  source_rule: 'text',
  source_task_key: 'text',
  result: 'text',
  version: 'int',
  revision: 'int',
  created_at: 'timestamptz',
  created_by: 'text',
  updated_at: 'timestamptz',
  updated_by: 'text',
  closed_at: 'timestamptz',
  closed_by: 'text',
  overdue_told_for: 'timestamptz',
};
const columns = Object.keys(types) as (keyof TaskRow)[];
const record = [...columns.map((column) => `${column} ${types[column]}`), 'priority_rank smallint'].join(', ');

/** The columns of a task under an alias. */
export const taskColumns = (alias: string): string => columns.map((column) => `${alias}.${column}`).join(', ');

/** Stands for "no due date" in the order. */
export const NEVER = `timestamptz '9999-12-31 00:00:00+00'`;

/** Tasks as rows of a json parameter, with the business day that each is due on; `$2` is the time zone. */
const given = `given as materialized (
    select r.*, coalesce(date_trunc('day', r.due_at, $2), ${NEVER}) as due_day
    from json_to_recordset($1::json) as r(${record}))`;

const insert = sql(
  'task.insert',
  `with ${given}
   insert into task (${columns.join(', ')}, priority_rank, due_day)
   select ${columns.join(', ')}, priority_rank, due_day from given
   on conflict (task_id) do nothing
   returning task_id`,
);

// A task that moves in the order leaves behind where it stood: task_place is what pages of before the move go by.
const save = sql(
  'task.save',
  `with ${given},
   moved as (
     insert into task_place (task_id, placed_in, left_in, left_at, priority_rank, due_day, due_order)
     select t.task_id, t.placed_in, pg_current_xact_id(), $3, t.priority_rank, t.due_day, t.due_order
     from given g join task t on t.task_id = g.task_id
     where (t.priority_rank, t.due_day, t.due_order) <> (g.priority_rank, g.due_day, coalesce(g.due_at, ${NEVER}))
     on conflict (task_id, left_in) do nothing),
   forgotten as (
     delete from task_place where ctid = any (array(
       select ctid from task_place where left_at < $3::timestamptz - interval '1 day' limit 200)))
   update task t set ${columns
     .filter((column) => column !== 'task_id')
     .map((column) => `${column} = g.${column}`)
     .join(', ')}, priority_rank = g.priority_rank, due_day = g.due_day,
     placed_in = case
       when (t.priority_rank, t.due_day, t.due_order) = (g.priority_rank, g.due_day, coalesce(g.due_at, ${NEVER}))
       then t.placed_in else pg_current_xact_id() end
   from given g where t.task_id = g.task_id`,
);

const lockOpenOfCase = sql(
  'task.lock_open_of_case',
  `select ${taskColumns('t')} from task t
   where t.case_id = $1 and t.origin = 'TEMPLATE' and t.status in ('OPEN', 'IN_PROGRESS') order by t.task_id for update`,
);
const lockOpenOfOrg = sql(
  'task.lock_open_of_org',
  `select ${taskColumns('t')} from task t
   where t.org_id = $1 and t.created_at < $2 and t.status in ('OPEN', 'IN_PROGRESS') order by t.task_id for update`,
);
/** Those that another instance tells of are left to it. Exported for the test of its plan. */
export const lockOverdue = sql(
  'task.lock_overdue',
  `select ${taskColumns('t')} from task t
   where t.due_at <= $1 and t.status in ('OPEN', 'IN_PROGRESS') and t.overdue_told_for is distinct from t.due_at
   order by t.due_at limit $2 for update skip locked`,
);
const anyOverdue = sql(
  'task.any_overdue',
  `select from task t
   where t.due_at <= $1 and t.status in ('OPEN', 'IN_PROGRESS') and t.overdue_told_for is distinct from t.due_at limit 1`,
);
const lock = sql(
  'task.lock',
  `select ${taskColumns('t')} from task t where t.task_id = any ($1::uuid[]) order by t.task_id for update`,
);

// After a change of priorities or of the time zone, and after a restore into a server that counts transactions anew.
const refresh = sql(
  'task.refresh_order',
  `update task t set priority_rank = p.rank, due_day = coalesce(date_trunc('day', t.due_at, $2), ${NEVER}),
     placed_in = pg_current_xact_id()
   from json_to_recordset($1::json) as p(priority text, rank smallint)
   where t.status in ('OPEN', 'IN_PROGRESS') and p.priority = t.priority
     and ((t.priority_rank, t.due_day) <> (p.rank, coalesce(date_trunc('day', t.due_at, $2), ${NEVER}))
       or t.placed_in > pg_current_xact_id())`,
);

export function toTask(row: TaskRow): Task {
  return {
    taskId: row.task_id,
    orgId: row.org_id,
    caseId: row.case_id,
    contactId: row.contact_id,
    taskType: row.task_type,
    title: row.title,
    description: row.description,
    assignedQueue: row.assigned_queue,
    assigneeRole: row.assignee_role,
    assignee: row.assignee,
    assignedAt: row.assigned_at,
    priority: row.priority,
    dueAt: row.due_at,
    dueIsEndOfDay: row.due_is_end_of_day,
    status: row.status,
    waitingFor: row.waiting_for,
    origin: row.origin,
    source: {
      activityId: row.source_activity_id,
      template: row.source_template,
      version: row.source_version,
      rule: row.source_rule,
      taskKey: row.source_task_key,
    },
    result: row.result,
    version: row.version,
    revision: row.revision,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
    overdueToldFor: row.overdue_told_for,
  };
}

function toRow(task: Task, catalog: Catalog): TaskRow & { priority_rank: number } {
  return {
    task_id: task.taskId,
    org_id: task.orgId,
    case_id: task.caseId,
    contact_id: task.contactId,
    task_type: task.taskType,
    title: task.title,
    description: task.description,
    assigned_queue: task.assignedQueue,
    assignee_role: task.assigneeRole,
    assignee: task.assignee,
    assigned_at: task.assignedAt,
    priority: task.priority,
    due_at: task.dueAt,
    due_is_end_of_day: task.dueIsEndOfDay,
    status: task.status,
    waiting_for: task.waitingFor,
    origin: task.origin,
    source_activity_id: task.source.activityId,
    source_template: task.source.template,
    source_version: task.source.version,
    source_rule: task.source.rule,
    source_task_key: task.source.taskKey,
    result: task.result,
    version: task.version,
    revision: task.revision,
    created_at: task.createdAt,
    created_by: task.createdBy,
    updated_at: task.updatedAt,
    updated_by: task.updatedBy,
    closed_at: task.closedAt,
    closed_by: task.closedBy,
    overdue_told_for: task.overdueToldFor,
    priority_rank: rankOf(catalog, task.priority),
  };
}

/** A priority that is no longer configured comes last. */
function rankOf(catalog: Catalog, priority: string): number {
  return catalog.codes.priorities.get(priority)?.rank ?? 99;
}

/** The table of tasks; `catalog` decides what tasks are sorted by. */
export function taskTable(catalog: Catalog) {
  const json = (tasks: readonly Task[]) => JSON.stringify(tasks.map((task) => toRow(task, catalog)));
  const { timeZone } = catalog.business;
  return {
    /** Answers the ids that were new; a task that is there already is left alone. */
    async insert(tx: Tx, tasks: readonly Task[]): Promise<ReadonlySet<string>> {
      if (tasks.length === 0) return new Set();
      const rows = await tx.query<{ task_id: string }>(insert, [json(tasks), timeZone]);
      return new Set(rows.map((row) => row.task_id));
    },
    async save(tx: Tx, tasks: readonly Task[], now: Date): Promise<void> {
      if (tasks.length > 0) await tx.query(save, [json(tasks), timeZone, now]);
    },
    /** Locked in the order of their ids, so that two who lock several do not wait for each other. */
    async lock(tx: Tx, taskIds: readonly string[]): Promise<ReadonlyMap<string, Task>> {
      if (taskIds.length === 0) return new Map();
      const rows = await tx.query<TaskRow>(lock, [taskIds]);
      return new Map(rows.map((row) => [row.task_id, toTask(row)]));
    },
    async lockOpenOfCase(tx: Tx, caseId: string): Promise<readonly Task[]> {
      return (await tx.query<TaskRow>(lockOpenOfCase, [caseId])).map(toTask).filter(isOpen);
    },
    async lockOpenOfOrg(tx: Tx, orgId: string, before: Date): Promise<readonly Task[]> {
      return (await tx.query<TaskRow>(lockOpenOfOrg, [orgId, before])).map(toTask).filter(isOpen);
    },
    /** Open tasks whose due date has passed without anybody having been told, the oldest first. */
    async lockOverdue(tx: Tx, now: Date, most: number): Promise<readonly Task[]> {
      return (await tx.query<TaskRow>(lockOverdue, [now, most])).map(toTask);
    },
    /** A look that costs no transaction, for the many times when there is nothing. */
    async isAnyOverdue(database: Pick<Database, 'query'>, now: Date): Promise<boolean> {
      return (await database.query(anyOverdue, [now])).length > 0;
    },
    /** Brings the order in line with the configuration; run once at the start. */
    async refreshOrder(tx: Tx): Promise<void> {
      const ranks = [...catalog.codes.priorities.values()].map(({ code, rank }) => ({ priority: code, rank }));
      await tx.query(refresh, [JSON.stringify(ranks), timeZone]);
    },
  };
}

export type TaskTable = ReturnType<typeof taskTable>;

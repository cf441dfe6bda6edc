import { sql, type Tx } from '@tom/postgres';
import type { Activity } from '@tom/contracts/tom/activity/v1/activity';
import type { Task } from '@tom/contracts/tom/task/v1/task';
import type { PlannedTask } from '@tom/workflow';
import { grouped } from './grouped.ts';

/** A task as far as cases care. Revision 0: asked for by this service, not yet told by its owner. */
export interface KnownTask {
  readonly taskId: string;
  readonly revision: number;
  readonly orgId: string;
  readonly caseId?: string | undefined;
  readonly taskType: string;
  readonly taskKey?: string | undefined;
  readonly role: string;
  readonly queue: string;
  readonly origin: string;
  readonly status: string;
  readonly waitingFor?: string | undefined;
  readonly dueAt?: string | undefined;
}

export interface KnownActivity {
  readonly activityId: string;
  readonly revision: number;
  readonly orgId: string;
  readonly caseId?: string | undefined;
  readonly deleted: boolean;
  readonly activityType?: string | undefined;
  readonly outcomeCode?: string | undefined;
  readonly loggedAt?: string | undefined;
}

const upsertTasks = sql(
  'case_task.upsert',
  `insert into case_task as t (task_id, revision, org_id, case_id, task_type, task_key, role, queue, origin, status,
     waiting_for, due_at)
   select distinct on ("taskId") "taskId", revision, "orgId", "caseId", "taskType", "taskKey", role, queue, origin,
     status, "waitingFor", "dueAt"
   from jsonb_to_recordset($1::jsonb) as r("taskId" uuid, revision int, "orgId" uuid, "caseId" uuid, "taskType" text,
     "taskKey" text, role text, queue text, origin text, status text, "waitingFor" text, "dueAt" timestamptz)
   order by "taskId", revision desc
   on conflict (task_id) do update set revision = excluded.revision, case_id = excluded.case_id, role = excluded.role,
     queue = excluded.queue, status = excluded.status, waiting_for = excluded.waiting_for, due_at = excluded.due_at
   where excluded.revision > t.revision
   returning case_id as "caseId"`,
);
// An activity may have moved from one case to another: both are answered. Most have no case, and then nothing is kept.
const upsertActivities = sql(
  'case_activity.upsert',
  `with seen as (
     select distinct on ("activityId") * from jsonb_to_recordset($1::jsonb)
       as r("activityId" uuid, revision int, "orgId" uuid, "caseId" uuid, deleted boolean, "activityType" text,
         "outcomeCode" text, "loggedAt" timestamptz)
     order by "activityId", revision desc),
   known as (select a.activity_id, a.case_id from case_activity a join seen on a.activity_id = seen."activityId"),
   written as (
     insert into case_activity as a (activity_id, revision, org_id, case_id, deleted, activity_type, outcome_code, logged_at)
     select "activityId", revision, "orgId", "caseId", deleted, "activityType", "outcomeCode", "loggedAt" from seen
     where "caseId" is not null or deleted or revision > 1
     on conflict (activity_id) do update set revision = excluded.revision, case_id = excluded.case_id,
       deleted = excluded.deleted, activity_type = coalesce(excluded.activity_type, a.activity_type),
       outcome_code = case when excluded.deleted then a.outcome_code else excluded.outcome_code end,
       logged_at = coalesce(excluded.logged_at, a.logged_at)
     where excluded.revision > a.revision
     returning a.activity_id, a.case_id)
   select case_id as "caseId" from written where case_id is not null
   union select known.case_id from known join written using (activity_id) where known.case_id is not null`,
);
const openTemplateTasks = sql(
  'case_task.open_of_template',
  `select case_id as "caseId", task_id as "taskId" from case_task
   where case_id = any($1) and origin = 'TEMPLATE' and status in ('OPEN', 'IN_PROGRESS') order by task_id`,
);
const openTasks = sql(
  'case_task.open_of_orgs',
  `select org_id as "orgId", task_id as "taskId" from case_task
   where org_id = any($1) and status in ('OPEN', 'IN_PROGRESS') order by task_id`,
);

export function knownTask(task: Task, revision: number): KnownTask {
  return {
    taskId: task.taskId,
    revision,
    orgId: task.orgId,
    caseId: task.caseId,
    taskType: task.taskType,
    taskKey: task.source?.taskKey,
    role: task.assigneeRole,
    queue: task.assignedQueue,
    origin: task.origin,
    status: task.status,
    waitingFor: task.waitingFor,
    dueAt: task.dueAt,
  };
}

/** A task that this service asked for: known as open before its owner tells, so that no status flickers in between. */
export function askedFor(task: PlannedTask, orgId: string, caseId: string | undefined): KnownTask {
  const { taskId, taskType, taskKey, role, queue, dueAt } = task;
  return {
    taskId,
    revision: 0,
    orgId,
    caseId,
    taskType,
    taskKey,
    role,
    queue,
    origin: 'TEMPLATE',
    status: 'OPEN',
    dueAt: dueAt.toISOString(),
  };
}

export function knownActivity(activity: Activity, revision: number): KnownActivity {
  const { activityId, orgId, caseId, activityType, outcomeCode, createdAt } = activity;
  return { activityId, revision, orgId, caseId, deleted: false, activityType, outcomeCode, loggedAt: createdAt };
}

/** Takes over the tasks and answers the cases that learned something. */
export async function projectTasks(tx: Tx, tasks: readonly KnownTask[]): Promise<readonly string[]> {
  return tasks.length === 0 ? [] : caseIds(await tx.query(upsertTasks, [JSON.stringify(tasks)]));
}

/** Takes over the activities and answers the cases that learned something. */
export async function projectActivities(tx: Tx, activities: readonly KnownActivity[]): Promise<readonly string[]> {
  return caseIds(await tx.query(upsertActivities, [JSON.stringify(activities)]));
}

/** The open tasks of templates, by case. */
export async function openTemplateTasksOf(tx: Tx, cases: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  if (cases.length === 0) return new Map();
  const rows = await tx.query<{ caseId: string; taskId: string }>(openTemplateTasks, [cases]);
  return grouped(rows.map((row) => [row.caseId, row.taskId]));
}

/** All open tasks, by company. */
export async function openTasksOf(tx: Tx, orgIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  if (orgIds.length === 0) return new Map();
  const rows = await tx.query<{ orgId: string; taskId: string }>(openTasks, [orgIds]);
  return grouped(rows.map((row) => [row.orgId, row.taskId]));
}

function caseIds(rows: readonly Record<string, unknown>[]): readonly string[] {
  return [...new Set(rows.map((row) => row['caseId'] as string | null).filter((id) => id !== null))];
}

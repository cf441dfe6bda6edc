import type { Task as TaskMessage } from '@tom/contracts/tom/task/v1/task';
import type { TaskView } from '@tom/contracts/tom/task/v1/task_service';
import { sql, type Database, type Tx } from '@tom/postgres';
import type { Task } from '../domain/task.ts';
import { taskColumns, toTask, type TaskRow } from './task-table.ts';

/** A task's row with what is shown beside it. */
export interface ViewRow extends TaskRow {
  org_name: string | null;
  org_city: string | null;
  org_stage: string | null;
  last_type: string | null;
  last_outcome: string | null;
  last_at: Date | null;
}

export const viewColumns = `${taskColumns('t')}, o.name as org_name, o.city as org_city, o.current_stage as org_stage,
    a.activity_type as last_type, a.outcome_code as last_outcome, a.occurred_at as last_at`;

/** What stands beside a task `t`. */
export const viewJoins = `left join org o on o.org_id = t.org_id
   left join lateral (
     select f.activity_type, f.outcome_code, f.occurred_at from follow_up f
     where f.org_id = t.org_id and not f.deleted
     order by f.occurred_at desc, f.activity_id desc limit 1) a on true`;

const read = sql(
  'task_view.read',
  `select ${viewColumns} from task t ${viewJoins} where t.task_id = any ($1::uuid[])`,
);
// A CALL_BACK is replaced when the follow-up of its activity has a task of a later generation.
const lock = sql(
  'task_view.lock',
  `select ${viewColumns}, coalesce(r.task_id <> t.task_id, false) as replaced
   from task t ${viewJoins} left join follow_up r on r.activity_id = t.source_activity_id
   where t.task_id = any ($1::uuid[]) order by t.task_id for update of t`,
);

/** A task that this transaction holds, with what is shown beside it. */
export interface LockedView {
  readonly task: Task;
  readonly replaced: boolean;
  /** The view with the task as it became. */
  viewOf(task: Task): TaskView;
}

/** In the order of their ids, so that two who lock several do not wait for each other. */
export async function lockViews(tx: Tx, taskIds: readonly string[]): Promise<ReadonlyMap<string, LockedView>> {
  const rows = await tx.query<ViewRow & { replaced: boolean }>(lock, [taskIds]);
  return new Map(
    rows.map((row) => [
      row.task_id,
      { task: toTask(row), replaced: row.replaced, viewOf: (task) => ({ ...toView(row), task: toMessage(task) }) },
    ]),
  );
}

/** In no order; unknown ids are left out. */
export async function readViews(reader: Pick<Database | Tx, 'query'>, taskIds: readonly string[]): Promise<TaskView[]> {
  return (await reader.query<ViewRow>(read, [taskIds])).map(toView);
}

export function toView(row: ViewRow): TaskView {
  return {
    task: toMessage(toTask(row)),
    org: {
      name: row.org_name ?? undefined,
      city: row.org_city ?? undefined,
      currentStage: row.org_stage ?? undefined,
    },
    lastActivity:
      row.last_type === null || row.last_at === null
        ? undefined
        : { activityType: row.last_type, outcomeCode: row.last_outcome ?? undefined, at: row.last_at.toISOString() },
  };
}

/** A task as messages and answers carry it. */
export function toMessage(task: Task): TaskMessage {
  const { source } = task;
  return {
    taskId: task.taskId,
    orgId: task.orgId,
    caseId: task.caseId ?? undefined,
    contactId: task.contactId ?? undefined,
    taskType: task.taskType,
    title: task.title,
    description: task.description ?? undefined,
    assignedQueue: task.assignedQueue,
    assigneeRole: task.assigneeRole,
    assignee: task.assignee ?? undefined,
    priority: task.priority,
    dueAt: task.dueAt?.toISOString(),
    dueIsEndOfDay: task.dueIsEndOfDay,
    status: task.status,
    waitingFor: task.waitingFor ?? undefined,
    origin: task.origin,
    source: {
      activityId: source.activityId ?? undefined,
      template: source.template ?? undefined,
      version: source.version ?? undefined,
      rule: source.rule ?? undefined,
      taskKey: source.taskKey ?? undefined,
    },
    result: task.result ?? undefined,
    version: task.version,
    createdAt: task.createdAt.toISOString(),
    createdBy: task.createdBy,
    closedAt: task.closedAt?.toISOString(),
  };
}

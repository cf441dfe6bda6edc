import { sql, type Tx } from '@tom/postgres';

/** A task as the list of companies knows it. */
export interface TaskSeen {
  readonly taskId: string;
  readonly orgId: string;
  readonly revision: number;
  readonly open: boolean;
  readonly taskType: string;
  readonly title: string;
  readonly assignedQueue: string;
  readonly assignee: string | null;
  readonly dueAt: string | null;
  readonly priority: string;
  readonly dueIsEndOfDay: boolean;
}

/** An activity as the list of companies knows it; of a deleted one nothing but that. */
export interface ActivitySeen {
  readonly activityId: string;
  readonly orgId: string;
  readonly revision: number;
  readonly deleted: boolean;
  readonly activityType: string;
  readonly outcomeCode: string | null;
  readonly occurredAt: string | null;
  /** Who did it. */
  readonly loggedBy: string | null;
}

const seeTasks = sql(
  'org_task.see',
  `insert into org_task as t (task_id, org_id, revision, open, task_type, title, assigned_queue, assignee, due_at,
     priority, due_is_end_of_day)
   select "taskId", "orgId", revision, open, "taskType", title, "assignedQueue", assignee, "dueAt",
     priority, "dueIsEndOfDay"
   from json_to_recordset($1::json) as s("taskId" uuid, "orgId" uuid, revision integer, open boolean, "taskType" text,
     title text, "assignedQueue" text, assignee text, "dueAt" timestamptz, priority text, "dueIsEndOfDay" boolean)
   order by "taskId"
   on conflict (task_id) do update set revision = excluded.revision, open = excluded.open,
     task_type = excluded.task_type, title = excluded.title, assigned_queue = excluded.assigned_queue,
     assignee = excluded.assignee, due_at = excluded.due_at, priority = excluded.priority,
     due_is_end_of_day = excluded.due_is_end_of_day
   where excluded.revision > t.revision`,
);
const chooseNext = sql(
  'org_outlook.next_task',
  `insert into org_outlook as o (org_id, next_task_id, next_sort)
   select s.org_id, n.task_id, coalesce(n.due_sort, 'infinity')
   from unnest($1::uuid[]) as s(org_id)
   left join lateral (
     select task_id, due_sort from org_task t where t.org_id = s.org_id and t.open order by due_sort, task_id limit 1
   ) n on true
   order by s.org_id
   on conflict (org_id) do update set next_task_id = excluded.next_task_id, next_sort = excluded.next_sort
   where (o.next_task_id, o.next_sort) is distinct from (excluded.next_task_id, excluded.next_sort)`,
);

/** Takes tasks in, the latest revision of each, and chooses the next task of their companies anew. */
export async function rememberTasks(tx: Tx, tasks: readonly TaskSeen[]): Promise<void> {
  const latest = latestOf(tasks, (task) => task.taskId);
  await tx.query(seeTasks, [JSON.stringify(latest)]);
  await tx.query(chooseNext, [orgIdsOf(latest)]);
}

const seeActivities = sql(
  'org_activity.see',
  `insert into org_activity as a (activity_id, org_id, revision, deleted, activity_type, outcome_code, occurred_at, logged_by)
   select "activityId", "orgId", revision, deleted, "activityType", "outcomeCode", "occurredAt", "loggedBy"
   from json_to_recordset($1::json) as s("activityId" uuid, "orgId" uuid, revision integer, deleted boolean,
     "activityType" text, "outcomeCode" text, "occurredAt" timestamptz, "loggedBy" text)
   order by "activityId"
   on conflict (activity_id) do update set revision = excluded.revision, deleted = excluded.deleted,
     activity_type = excluded.activity_type, outcome_code = excluded.outcome_code, occurred_at = excluded.occurred_at,
     logged_by = excluded.logged_by
   where excluded.revision > a.revision`,
);
const chooseLast = sql(
  'org_outlook.last_activity',
  `insert into org_outlook as o (org_id, last_activity_id)
   select s.org_id, l.activity_id
   from unnest($1::uuid[]) as s(org_id)
   left join lateral (
     select activity_id from org_activity a where a.org_id = s.org_id and not a.deleted
     order by occurred_at desc, activity_id desc limit 1
   ) l on true
   order by s.org_id
   on conflict (org_id) do update set last_activity_id = excluded.last_activity_id
   where o.last_activity_id is distinct from excluded.last_activity_id`,
);

/** Takes activities in, the latest revision of each, and chooses the last activity of their companies anew. */
export async function rememberActivities(tx: Tx, activities: readonly ActivitySeen[]): Promise<void> {
  const latest = latestOf(activities, (activity) => activity.activityId);
  await tx.query(seeActivities, [JSON.stringify(latest)]);
  await tx.query(chooseLast, [orgIdsOf(latest)]);
}

/** One statement cannot write a row twice, and only the highest revision matters. */
function latestOf<T extends { readonly revision: number }>(seen: readonly T[], idOf: (item: T) => string): readonly T[] {
  const latest = new Map<string, T>();
  for (const item of seen) {
    const known = latest.get(idOf(item));
    if (known === undefined || item.revision > known.revision) latest.set(idOf(item), item);
  }
  return [...latest.values()];
}

function orgIdsOf(seen: readonly { readonly orgId: string }[]): readonly string[] {
  return [...new Set(seen.map((item) => item.orgId))];
}

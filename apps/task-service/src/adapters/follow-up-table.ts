import { sql, type Tx } from '@tom/postgres';
import type { FollowUp } from '../domain/follow-up.ts';
import type { OrgClosing } from './org-table.ts';

/** What lists show of an activity. */
export interface ActivityShown {
  readonly activityType: string;
  readonly outcomeCode: string | null;
  readonly occurredAt: Date | null;
}

interface FollowUpRow {
  activity_id: string;
  org_id: string;
  revision: number;
  deleted: boolean;
  follow_up_at: Date | null;
  follow_up_revision: number;
  generation: number;
  task_id: string | null;
  case_id: string | null;
  queue: string | null;
  completed_task_id: string | null;
  completed_revision: number | null;
}

const record = `activity_id uuid, org_id uuid, revision int, deleted boolean, follow_up_at timestamptz, follow_up_revision int,
  generation int, task_id uuid, case_id uuid, queue text, completed_task_id uuid, completed_revision int,
  activity_type text, outcome_code text, occurred_at timestamptz`;
const columns = record.replaceAll(/ (uuid|int|boolean|timestamptz|text)(?=,|$)/g, '');

const note = sql(
  'follow_up.note',
  `with given as materialized (select * from json_to_recordset($1::json) as r(${record})),
   fresh as (
     insert into follow_up (${columns}) select ${columns} from given
     on conflict (activity_id) do nothing returning activity_id, org_id)
   select f.activity_id, o.cancelled_before, coalesce(o.erased, false) as erased
   from fresh f left join org o on o.org_id = f.org_id`,
);
const lock = sql(
  'follow_up.lock',
  `select f.activity_id, f.org_id, f.revision, f.deleted, f.follow_up_at, f.follow_up_revision, f.generation, f.task_id,
     f.case_id, f.queue, f.completed_task_id, f.completed_revision
   from follow_up f where f.activity_id = $1 for update`,
);
const save = sql(
  'follow_up.save',
  `insert into follow_up as f (${columns}) select ${columns} from json_to_recordset($1::json) as r(${record})
   on conflict (activity_id) do update set
     revision = excluded.revision, deleted = excluded.deleted, follow_up_at = excluded.follow_up_at,
     follow_up_revision = excluded.follow_up_revision, generation = excluded.generation, task_id = excluded.task_id,
     case_id = excluded.case_id, queue = excluded.queue, completed_task_id = excluded.completed_task_id,
     completed_revision = excluded.completed_revision, activity_type = excluded.activity_type,
     outcome_code = coalesce(excluded.outcome_code, case when excluded.deleted then f.outcome_code end),
     occurred_at = coalesce(excluded.occurred_at, f.occurred_at)`,
);
const completed = sql(
  'follow_up.completed',
  `update follow_up f set completed_task_id = r.task_id, completed_revision = r.revision
   from json_to_recordset($1::json) as r(activity_id uuid, task_id uuid, revision int) where f.activity_id = r.activity_id`,
);

/** Notes activities that were just logged, many in one statement; answers those that were new, with what their company says. */
export async function noteFollowUps(
  tx: Tx,
  items: readonly (FollowUp & ActivityShown)[],
): Promise<ReadonlyMap<string, OrgClosing>> {
  const rows = await tx.query<{ activity_id: string; cancelled_before: Date | null; erased: boolean }>(note, [json(items)]);
  return new Map(
    rows.map((row) => [row.activity_id, { cancelledBefore: row.cancelled_before, erased: row.erased }]),
  );
}

export async function lockFollowUp(tx: Tx, activityId: string): Promise<FollowUp | undefined> {
  const [row] = await tx.query<FollowUpRow>(lock, [activityId]);
  if (!row) return undefined;
  return {
    activityId: row.activity_id,
    orgId: row.org_id,
    revision: row.revision,
    deleted: row.deleted,
    followUpAt: row.follow_up_at,
    followUpRevision: row.follow_up_revision,
    generation: row.generation,
    taskId: row.task_id,
    caseId: row.case_id,
    queue: row.queue,
    completedTaskId: row.completed_task_id,
    completedRevision: row.completed_revision,
  };
}

export async function saveFollowUp(tx: Tx, item: FollowUp & ActivityShown): Promise<void> {
  await tx.query(save, [json([item])]);
}

/** Remembers which revision of a task an activity completed, so that deleting the activity can take it back. */
export async function noteCompletions(
  tx: Tx,
  items: readonly { readonly activityId: string; readonly taskId: string; readonly revision: number }[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item) => ({ activity_id: item.activityId, task_id: item.taskId, revision: item.revision }));
  await tx.query(completed, [JSON.stringify(rows)]);
}

function json(items: readonly (FollowUp & ActivityShown)[]): string {
  return JSON.stringify(
    items.map((item) => ({
      activity_id: item.activityId,
      org_id: item.orgId,
      revision: item.revision,
      deleted: item.deleted,
      follow_up_at: item.followUpAt,
      follow_up_revision: item.followUpRevision,
      generation: item.generation,
      task_id: item.taskId,
      case_id: item.caseId,
      queue: item.queue,
      completed_task_id: item.completedTaskId,
      completed_revision: item.completedRevision,
      activity_type: item.activityType,
      outcome_code: item.outcomeCode,
      occurred_at: item.occurredAt,
    })),
  );
}

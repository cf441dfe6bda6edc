import { sql, type Database, type Tx } from '@tom/postgres';
import type { Activity, StoredActivity } from '../domain/activity.ts';

/** A row as pg reads it. */
export interface ActivityRow {
  readonly activity_id: string;
  readonly org_id: string;
  readonly activity_type: string;
  readonly direction: string | null;
  readonly occurred_at: Date;
  readonly duration_minutes: number | null;
  readonly outcome_code: string | null;
  readonly subject: string | null;
  readonly notes: string | null;
  readonly contact_id: string | null;
  readonly case_id: string | null;
  readonly queue: string | null;
  readonly follow_up_at: Date | null;
  readonly follow_up_revision: number;
  readonly follow_up_task_id: string | null;
  readonly completes_task_id: string | null;
  readonly version: number;
  readonly revision: number;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly deleted: boolean;
}

/** The columns that a new row fills, with their types, for statements that insert from a JSON record set. */
export const activityRecord =
  `activity_id uuid, org_id uuid, activity_type text, direction text, occurred_at timestamptz,
  duration_minutes int, outcome_code text, subject text, notes text, contact_id uuid, case_id uuid, queue text,
  follow_up_at timestamptz, follow_up_revision int, completes_task_id uuid, version int, revision int,
  created_at timestamptz, created_by text, updated_at timestamptz, updated_by text`;

export const activityColumns =
  `activity_id, org_id, activity_type, direction, occurred_at, duration_minutes, outcome_code,
  subject, notes, contact_id, case_id, queue, follow_up_at, follow_up_revision, completes_task_id, version, revision,
  created_at, created_by, updated_at, updated_by`;

const read = sql('activity.read', 'select * from activity where activity_id = $1');
const lock = sql('activity.lock', 'select * from activity where activity_id = $1 for update');

/** Exported, as every query over many rows, for the test of its plan. */
export const listPage = sql(
  'activity.list_page',
  `select * from activity where org_id = $1 and not deleted
     and ($2::timestamptz is null or (occurred_at, activity_id) < ($2, $3::uuid))
   order by occurred_at desc, activity_id desc limit $4`,
);

const insert = sql(
  'activity.insert',
  `insert into activity (${activityColumns})
   select ${activityColumns} from json_to_recordset($1::json) as r(${activityRecord})
   on conflict (activity_id) do nothing returning activity_id`,
);

const update = sql(
  'activity.update',
  `update activity as a set activity_type = r.activity_type, direction = r.direction, occurred_at = r.occurred_at,
     duration_minutes = r.duration_minutes, outcome_code = r.outcome_code, subject = r.subject, notes = r.notes,
     contact_id = r.contact_id, case_id = r.case_id, queue = r.queue, follow_up_at = r.follow_up_at,
     follow_up_revision = r.follow_up_revision, version = r.version, revision = r.revision,
     updated_at = r.updated_at, updated_by = r.updated_by, deleted = $2,
     follow_up_task_id = case when $3 then null else a.follow_up_task_id end
   from json_to_recordset($1::json) as r(${activityRecord}) where a.activity_id = r.activity_id`,
);

/**
 * The latest task wins, whatever the order of arrival; an activity that is not here is not ours to link. `$2` names the
 * ids once more: by the join alone Postgres may read the whole index.
 */
const link = sql(
  'activity.link_tasks',
  `update activity as a set follow_up_task_id = t.task_id, follow_up_task_created_at = t.created_at
   from (
     select distinct on (activity_id) * from json_to_recordset($1::json)
       as t(activity_id uuid, task_id uuid, created_at timestamptz) order by activity_id, created_at desc
   ) as t
   where a.activity_id = any ($2::uuid[]) and a.activity_id = t.activity_id and not a.deleted
     and (a.follow_up_task_created_at is null or a.follow_up_task_created_at <= t.created_at)`,
);

/** Counts stop at 100: guards ask for a few, and a company with 100,000 activities must not cost more than another. */
export const facts = sql(
  'activity.facts',
  `select q.org_id, contacts.n as contacts_since, pending.n as pending_follow_ups
   from json_to_recordset($1::json) as q(item int, org_id uuid, since timestamptz)
   cross join lateral (
     select count(*)::int as n from (
       select 1 from activity as a where a.org_id = q.org_id and not a.deleted
         and a.created_at >= coalesce(q.since, '-infinity') and a.activity_type = any ($2) limit 100
     ) as counted
   ) as contacts
   cross join lateral (
     select count(*)::int as n from (
       select 1 from activity as a where a.org_id = q.org_id and not a.deleted
         and a.follow_up_at > $3 and a.follow_up_task_id is null limit 100
     ) as counted
   ) as pending
   order by q.item`,
);

export const dayOfPerson = sql(
  'activity.day_of_person',
  `select count(*) filter (where activity_type = 'CALL')::int as calls,
     count(*) filter (where activity_type = 'CALL' and outcome_code = any ($4))::int as reached,
     count(*) filter (where follow_up_at is not null)::int as follow_ups_agreed
   from activity where created_by = $1 and not deleted and occurred_at >= $2 and occurred_at < $3`,
);

const scrub = sql(
  'activity.scrub',
  `update activity set subject = null, notes = null
   where org_id = $1 and (subject is not null or notes is not null)`,
);
const scrubHistory = sql(
  'activity_history.scrub',
  `update activity_history set envelope = envelope #- '{data,activity,subject}' #- '{data,activity,notes}'
   where org_id = $1 and (envelope #> '{data,activity,subject}' is not null or envelope #> '{data,activity,notes}' is not null)`,
);
const scrubAnswers = sql(
  'idempotency.scrub_activities',
  `update idempotency set answer = answer - 'subject' - 'notes'
   where answer ->> 'orgId' = $1::text and (answer ? 'subject' or answer ? 'notes')`,
);
const scrubDeadLetters = sql(
  'dead_letter.scrub',
  `update dead_letter set value = '{}', error = 'erased' where subject = $1::text`,
);

export function storedOf(row: ActivityRow): StoredActivity {
  const activity: Activity = {
    activityId: row.activity_id,
    orgId: row.org_id,
    activityType: row.activity_type,
    direction: row.direction ?? undefined,
    occurredAt: row.occurred_at.toISOString(),
    durationMinutes: row.duration_minutes ?? undefined,
    outcomeCode: row.outcome_code ?? undefined,
    subject: row.subject ?? undefined,
    notes: row.notes ?? undefined,
    contactId: row.contact_id ?? undefined,
    caseId: row.case_id ?? undefined,
    followUpAt: row.follow_up_at?.toISOString(),
    followUpTaskId: row.follow_up_task_id ?? undefined,
    completesTaskId: row.completes_task_id ?? undefined,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
    queue: row.queue ?? undefined,
    followUpRevision: row.follow_up_revision,
  };
  return { activity, revision: row.revision, deleted: row.deleted };
}

/** The row of an activity, as `activityRecord` reads it from JSON. */
export function recordOf({ activity, revision }: StoredActivity) {
  return {
    activity_id: activity.activityId,
    org_id: activity.orgId,
    activity_type: activity.activityType,
    direction: activity.direction,
    occurred_at: activity.occurredAt,
    duration_minutes: activity.durationMinutes,
    outcome_code: activity.outcomeCode,
    subject: activity.subject,
    notes: activity.notes,
    contact_id: activity.contactId,
    case_id: activity.caseId,
    queue: activity.queue,
    follow_up_at: activity.followUpAt,
    follow_up_revision: activity.followUpRevision,
    completes_task_id: activity.completesTaskId,
    version: activity.version,
    revision,
    created_at: activity.createdAt,
    created_by: activity.createdBy,
    updated_at: activity.updatedAt,
    updated_by: activity.updatedBy,
  };
}

export async function readActivity(database: Database, activityId: string): Promise<StoredActivity | undefined> {
  const [row] = await database.query<ActivityRow>(read, [activityId]);
  return row && storedOf(row);
}

export async function lockActivity(tx: Tx, activityId: string): Promise<StoredActivity | undefined> {
  const [row] = await tx.query<ActivityRow>(lock, [activityId]);
  return row && storedOf(row);
}

/** The ids that were not there before. */
export async function insertActivities(tx: Tx, stored: readonly StoredActivity[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ activity_id: string }>(insert, [JSON.stringify(stored.map(recordOf))]);
  return new Set(rows.map((row) => row.activity_id));
}

export async function saveActivity(tx: Tx, stored: StoredActivity): Promise<void> {
  const unlinked = stored.activity.followUpTaskId === undefined;
  await tx.query(update, [JSON.stringify([recordOf(stored)]), stored.deleted, unlinked]);
}

export interface TaskLink {
  readonly activity_id: string;
  readonly task_id: string;
  readonly created_at: string;
}

export async function linkTasks(tx: Tx, links: readonly TaskLink[]): Promise<void> {
  if (links.length > 0) await tx.query(link, [JSON.stringify(links), links.map((link) => link.activity_id)]);
}

export async function listActivities(
  database: Database,
  orgId: string,
  after: readonly [at: string, id: string] | undefined,
  limit: number,
): Promise<Activity[]> {
  const rows = await database.query<ActivityRow>(listPage, [orgId, after?.[0] ?? null, after?.[1] ?? null, limit]);
  return rows.map((row) => storedOf(row).activity);
}

export interface FactsRow {
  readonly org_id: string;
  readonly contacts_since: number;
  readonly pending_follow_ups: number;
}

/** One answer for each question, in order. */
export async function readFacts(
  database: Database,
  questions: readonly { readonly orgId: string; readonly since?: string | undefined }[],
  contactTypes: readonly string[],
  now: Date,
): Promise<FactsRow[]> {
  const asked = questions.map(({ orgId, since }, item) => ({ item, org_id: orgId, since }));
  return database.query<FactsRow>(facts, [JSON.stringify(asked), contactTypes, now]);
}

export interface DayRow {
  readonly calls: number;
  readonly reached: number;
  readonly follow_ups_agreed: number;
}

export async function readDay(
  database: Database,
  question: {
    readonly person: string;
    readonly from: Date;
    readonly to: Date;
    readonly reachedOutcomes: readonly string[];
  },
): Promise<DayRow> {
  const { person, from, to, reachedOutcomes } = question;
  const [row] = await database.query<DayRow>(dayOfPerson, [person, from, to, reachedOutcomes]);
  return row ?? { calls: 0, reached: 0, follow_ups_agreed: 0 };
}

/** Clears people's words wherever this service keeps them: rows, history, remembered answers, dead letters. */
export async function scrubActivities(tx: Tx, orgId: string): Promise<void> {
  for (const statement of [scrub, scrubHistory, scrubAnswers, scrubDeadLetters]) await tx.query(statement, [orgId]);
}

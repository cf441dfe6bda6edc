import { sql, type Database, type Tx } from '@tom/postgres';
import { present } from './present.ts';

/** A rule that waits at its place: what it will be judged on, and where the chain of causes goes on. */
export interface Timer {
  readonly placeId: string;
  readonly template: string;
  readonly rule: string;
  readonly templateVersion: number;
  readonly orgId: string;
  readonly caseId?: string | undefined;
  readonly dueAt: Date;
  readonly eventId: string;
  readonly eventType: string;
  readonly eventTime: Date;
  /** Codes and times of the event, as conditions read them. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
  readonly depth: number;
  readonly actor: string;
}

const COLUMNS = `t.place_id as "placeId", t.template, t.rule, t.template_version as "templateVersion", t.org_id as "orgId",
  t.case_id as "caseId", t.due_at as "dueAt", t.event_id as "eventId", t.event_type as "eventType",
  t.event_time as "eventTime", t.fields, t.correlation_id as "correlationId", t.depth, t.actor`;

// A later event begins the waiting anew; one that comes late does not shorten it.
const set = sql(
  'timer.set',
  `insert into timer as t (place_id, template, rule, template_version, org_id, case_id, due_at, event_id, event_type,
     event_time, fields, correlation_id, depth, actor)
   select distinct on ("placeId", template, rule) "placeId", template, rule, "templateVersion", "orgId", "caseId", "dueAt",
     "eventId", "eventType", "eventTime", fields, "correlationId", depth, actor
   from jsonb_to_recordset($1::jsonb) as r("placeId" uuid, template text, rule text, "templateVersion" int, "orgId" uuid,
     "caseId" uuid, "dueAt" timestamptz, "eventId" uuid, "eventType" text, "eventTime" timestamptz, fields jsonb,
     "correlationId" uuid, depth int, actor text)
   order by "placeId", template, rule, "dueAt" desc
   on conflict (place_id, template, rule) do update set template_version = excluded.template_version,
     due_at = excluded.due_at, event_id = excluded.event_id, event_type = excluded.event_type,
     event_time = excluded.event_time, fields = excluded.fields, correlation_id = excluded.correlation_id,
     depth = excluded.depth, actor = excluded.actor
   where excluded.due_at > t.due_at`,
);
const restart = sql(
  'timer.restart',
  `update timer as t set due_at = r."dueAt"
   from (select "placeId", template, rule, max("dueAt") as "dueAt" from jsonb_to_recordset($1::jsonb)
     as r("placeId" uuid, template text, rule text, "dueAt" timestamptz) group by 1, 2, 3) as r
   where t.place_id = r."placeId" and t.template = r.template and t.rule = r.rule and t.due_at < r."dueAt"`,
);
/** Exported for the test of its plan. */
export const due = sql(
  'timer.due',
  `delete from timer as t using (
     select place_id, template, rule from timer where due_at <= $1 order by due_at limit $2 for update skip locked
   ) as d
   where t.place_id = d.place_id and t.template = d.template and t.rule = d.rule
   returning ${COLUMNS}`,
);
const anyDue = sql('timer.any_due', 'select from timer where due_at <= $1 limit 1');

export async function setTimers(tx: Tx, timers: readonly Timer[]): Promise<void> {
  if (timers.length > 0) await tx.query(set, [JSON.stringify(timers)]);
}

export type TimerRestart = Pick<Timer, 'placeId' | 'template' | 'rule' | 'dueAt'>;

/** Lets timers that run begin anew; those that fired or never ran stay as they are. */
export async function restartTimers(tx: Tx, restarts: readonly TimerRestart[]): Promise<void> {
  if (restarts.length > 0) await tx.query(restart, [JSON.stringify(restarts)]);
}

/** Takes timers whose time has come out of the table, in their order; those that another instance takes are left to it. */
export async function takeDueTimers(tx: Tx, now: Date, most: number): Promise<readonly Timer[]> {
  const rows = (await tx.query<object>(due, [now, most])).map(present<Timer>);
  return rows.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
}

/** A look that costs no transaction, for the many times when there is nothing. */
export async function isAnyTimerDue(database: Pick<Database, 'query'>, now: Date): Promise<boolean> {
  return (await database.query(anyDue, [now])).length > 0;
}

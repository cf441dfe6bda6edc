import type { IncomingMessage } from '@tom/messaging';
import { sql, type Database, type Tx } from '@tom/postgres';

/** How many reports may wait for one company, and for all together; more are refused, so that they are seen. */
export const MOST_FOR_ONE = 1_000;
const MOST = 100_000;

const lock = sql(
  'waiting_report.lock_refs',
  `select pg_advisory_xact_lock(hashtextextended(ref, 7102))
   from (select distinct ref from unnest($1::text[]) as given(ref) order by ref) as refs`,
);
const keep = sql(
  'waiting_report.keep',
  `with state as materialized (
     select exists (select from waiting_report where activity_id = $1) as is_known,
       (select count(*) from (select from waiting_report where external_ref = $2 limit ${MOST_FOR_ONE}) as own) >= ${MOST_FOR_ONE}
       or (select count(*) from (select from waiting_report limit ${MOST}) as every) >= ${MOST} as is_full
   ), kept as (
     insert into waiting_report (activity_id, external_ref, topic, "partition", "offset", headers, value, received_at)
     select $1, $2, $3, $4, $5, $6::jsonb, $7, $8 from state where not is_known and not is_full
   )
   select is_known or not is_full as kept from state`,
);
const waiting = sql(
  'waiting_report.refs',
  'select distinct external_ref from waiting_report where external_ref = any ($1::text[]) order by external_ref',
);
const take = sql(
  'waiting_report.take',
  `with taken as (delete from waiting_report where external_ref = $1 returning *)
   select external_ref as key, topic, "partition", "offset"::text as "offset", headers, value, received_at as "appendedAt"
   from taken order by position`,
);
/** Exported for the test of its plan. */
export const overdueRefs = sql(
  'waiting_report.overdue_refs',
  `select distinct external_ref from (
     select external_ref from waiting_report where received_at < $1 order by received_at limit 500
   ) as overdue`,
);
const figures = sql(
  'waiting_report.figures',
  'select count(*)::int as count, min(received_at) as oldest from waiting_report',
);

/**
 * Makes everything about these references wait until the transaction ends: a report that finds no company, and the event
 * that tells of it, must not pass each other unseen.
 */
export async function lockRefs(tx: Tx, externalRefs: readonly string[]): Promise<void> {
  if (externalRefs.length > 0) await tx.query(lock, [externalRefs]);
}

/** False: too many wait already. A report that waits already is kept once. */
export async function keepReport(tx: Tx, activityId: string, message: IncomingMessage, now: Date): Promise<boolean> {
  const { key, topic, partition, offset, headers, value } = message;
  const values = [activityId, key, topic, partition, offset, JSON.stringify(headers), value, now];
  const [row] = await tx.query<{ kept: boolean }>(keep, values);
  return row?.kept === true;
}

/** Those of the references for which reports wait. */
export async function waitingRefs(tx: Tx, externalRefs: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ external_ref: string }>(waiting, [externalRefs]);
  return rows.map((row) => row.external_ref);
}

/** Takes every report that waits for the company out of the table, in the order of arrival. */
export async function takeReports(tx: Tx, externalRef: string): Promise<IncomingMessage[]> {
  return tx.query<IncomingMessage>(take, [externalRef]);
}

/** References with reports that arrived before then. */
export async function refsWaitingSince(database: Database, before: Date): Promise<string[]> {
  const rows = await database.query<{ external_ref: string }>(overdueRefs, [before]);
  return rows.map((row) => row.external_ref);
}

export async function countWaiting(database: Database): Promise<{ readonly count: number; readonly oldest: Date | null }> {
  const [row] = await database.query<{ count: number; oldest: Date | null }>(figures);
  return row ?? { count: 0, oldest: null };
}

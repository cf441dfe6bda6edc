import { sql, type Database } from '@tom/postgres';
import { forgetDoorRequestsBefore } from './door-request-table.ts';

const DAY_MS = 86_400_000;
const KEEP_DAYS = 400;
const KEEP_DOOR_REQUESTS_DAYS = 2;
const BATCH = 5_000;

const oldEvents = sql(
  'forget.events',
  `delete from observed_event where event_id in (select event_id
    from observed_event where occurred_at < $1 order by occurred_at limit $2)
   returning 1`,
);
const oldEvaluations = sql(
  'forget.evaluations',
  `delete from rule_evaluation where ctid in (select ctid
    from rule_evaluation where evaluated_at < $1 order by evaluated_at limit $2)
   returning 1`,
);

/** Deletes what was observed longer ago than it is kept, in small steps that hold no locks for long. */
export async function forgetOld(database: Database, now: Date, signal: AbortSignal): Promise<void> {
  const before = new Date(now.getTime() - KEEP_DAYS * DAY_MS);
  for (const statement of [oldEvents, oldEvaluations]) {
    while (!signal.aborted && (await database.query(statement, [before, BATCH])).length === BATCH);
  }
  await forgetDoorRequestsBefore(database, new Date(now.getTime() - KEEP_DOOR_REQUESTS_DAYS * DAY_MS));
}

import { sql, type Connection } from '@tom/postgres';

const BATCH = 5_000;
const IDEMPOTENCY_HOURS = 24;

/** Exported for the test of its plan. */
export const sweepInbox = sql(
  'sweep.inbox',
  `delete from inbox where ctid = any (array(select ctid from inbox where message_time < $1 limit ${BATCH}))`,
);
export const sweepIdempotency = sql(
  'sweep.idempotency',
  `delete from idempotency where ctid = any (array(select ctid from idempotency where created_at < $1 limit ${BATCH}))`,
);

/**
 * Removes inbox rows whose message is older than the retention, and idempotency rows older than a day; bounded to 5,000
 * of each, so that no sweep holds a long transaction. The next one goes on.
 */
export async function sweep(connection: Connection, now: Date, inboxRetentionDays: number): Promise<void> {
  const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
  await connection.query(sweepInbox, [hoursAgo(inboxRetentionDays * 24)]);
  await connection.query(sweepIdempotency, [hoursAgo(IDEMPOTENCY_HOURS)]);
}

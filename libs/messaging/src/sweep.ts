import { sql, type Connection, type Logger } from '@tom/postgres';
import { keepDayPartitions } from './time-partitions.ts';

const BATCH = 5_000;
const IDEMPOTENCY_HOURS = 24;

/** Messages that were dated outside of the days kept (too old, or far ahead) have no day to be dropped with. */
export const sweepInbox = sql(
  'sweep.inbox',
  `delete from inbox_default where ctid = any (array(
     select ctid from inbox_default where message_time < $1 limit ${BATCH})) returning 1`,
);
/** Exported for the test of its plan. */
export const sweepIdempotency = sql(
  'sweep.idempotency',
  `delete from idempotency where ctid = any (array(select ctid from idempotency where created_at < $1 limit ${BATCH}))
   returning 1`,
);

/**
 * Drops the days of the inbox that are beyond the retention, and removes idempotency rows older than a day, 5,000 at a
 * time, so that no sweep holds a long transaction. Answers whether there is more to remove at once.
 */
export async function sweep(
  connection: Connection,
  now: Date,
  inboxRetentionDays: number,
  logger: Logger,
): Promise<boolean> {
  const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
  await keepDayPartitions(
    connection,
    { name: 'inbox', timeColumn: 'message_time', days: inboxRetentionDays },
    now,
    logger,
  );
  const strays = await connection.query(sweepInbox, [hoursAgo(inboxRetentionDays * 24)]);
  const keys = await connection.query(sweepIdempotency, [hoursAgo(IDEMPOTENCY_HOURS)]);
  return strays.length === BATCH || keys.length === BATCH;
}

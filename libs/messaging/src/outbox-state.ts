import { sql, type Database } from '@tom/postgres';

/** What waits to be published: how much (counted up to 1,000,000), and since when the oldest does, in seconds. */
export interface OutboxState {
  readonly waiting: number;
  readonly oldestSeconds: number;
}

/** Exported for the test of its plan. */
export const readOutboxState = sql(
  'outbox.state',
  `select (select count(*) from (select 1 from outbox limit 1000000) as counted) as waiting,
     coalesce((select extract(epoch from clock_timestamp() - created_at)::float8 from outbox order by id limit 1), 0)
       as "oldestSeconds"`,
);

/** The state of a service's outbox, by its database's clock. */
export async function outboxState(database: Database): Promise<OutboxState> {
  const [row] = await database.query<OutboxState>(readOutboxState);
  if (!row) throw new Error('the outbox answered nothing');
  return { waiting: row.waiting, oldestSeconds: Math.max(0, row.oldestSeconds) };
}

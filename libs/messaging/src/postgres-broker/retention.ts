import { sql, type Database, type Logger } from '@tom/postgres';

/** `days` is how long messages are kept, `groupDays` how long a group that nobody serves is still waited for. */
export interface RetentionOptions {
  readonly days: number;
  readonly groupDays: number;
}

interface PartitionState {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly first_offset: number;
  readonly living: number | null;
  readonly slowest: string | null;
  readonly dead: number | null;
}

const BATCH = 5_000;
const LOCK_KEY = 7_101_003;

const lock = sql('log.retention_lock', 'select pg_try_advisory_xact_lock($1) as locked');
const states = sql(
  'log.retention_states',
  `select p.id, p.topic, p."partition", p.first_offset,
     min(g.committed) filter (where l.last_seen_at >= $1) as living,
     (array_agg(g.group_name order by g.committed) filter (where l.last_seen_at >= $1))[1] as slowest,
     min(g.committed) filter (where l.last_seen_at < $1) as dead
   from log_partition as p
   left join log_group_partition as g on g.partition_id = p.id
   left join log_group as l on l.name = g.group_name
   where p.next_offset > p.first_offset group by p.id order by p.id`,
);

/**
 * The end of the old messages at the front of a partition, looked for among its first 5,000. Exported for its plan's
 * test.
 */
export const oldUntil = sql(
  'log.retention_old',
  `select coalesce(
     min("offset") filter (where appended_at >= $3), max("offset") + 1) as until
   from (select "offset", appended_at from log_message where partition_id = $1 and "offset" >= $2
         order by "offset" limit ${BATCH}) as front`,
);
const cut = sql(
  'log.retention_cut',
  `with gone as (delete from log_message where partition_id = $1 and "offset" < $2 returning 1),
   head as (update log_partition set first_offset = greatest(first_offset, $2) where id = $1 returning 1)
   select count(*) as removed from gone`,
);

/**
 * Removes messages older than the retention, at most 5,000 of each partition in one sweep, and never one that a living
 * group has not committed yet: that is told instead. Answers how many were removed; 0 while another process sweeps.
 */
export async function sweepLog(
  database: Database,
  options: RetentionOptions & { readonly now: Date; readonly logger: Logger },
): Promise<number> {
  const { now, logger, days, groupDays } = options;
  const before = (daysAgo: number): Date => new Date(now.getTime() - daysAgo * 86_400_000);
  return database.transaction(async (tx) => {
    const [answer] = await tx.query<{ locked: boolean }>(lock, [LOCK_KEY]);
    if (!answer?.locked) return 0;
    let removed = 0;
    for (const state of await tx.query<PartitionState>(states, [before(groupDays)])) {
      const [old] = await tx.query<{ until: number | null }>(oldUntil, [state.id, state.first_offset, before(days)]);
      const wanted = old?.until ?? 0;
      const until = Math.min(wanted, state.living ?? Infinity);
      const { topic, partition } = state;
      if (until < wanted) {
        logger.error(
          { topic, partition, group: state.slowest, offset: until },
          'retention waits for a group that is behind',
        );
      }
      if (until <= state.first_offset) continue;
      if (state.dead !== null && state.dead < until) {
        logger.warn({ topic, partition, offset: until }, 'retention passes a group that nobody serves any more');
      }
      const [count] = await tx.query<{ removed: number }>(cut, [state.id, until]);
      removed += count?.removed ?? 0;
    }
    return removed;
  });
}

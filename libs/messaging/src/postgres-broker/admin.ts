import { createDatabase, sql } from '@tom/postgres';
import type { BrokerAdmin, GroupLag, Rewound } from '../broker-admin.ts';

const topicsStatement = sql('log.admin_topics', 'select name from log_topic order by name');
const lagsStatement = sql(
  'log.admin_lags',
  `select g.group_name as "group", p.topic, p."partition", greatest(g.committed, p.first_offset)::text as "offset",
     p.next_offset::text as "end", p.next_offset - greatest(g.committed, p.first_offset) as lag
   from log_group_partition as g join log_partition as p on p.id = g.partition_id
   order by g.group_name, p.topic, p."partition"`,
);
const lockStatement = sql(
  'log.admin_lock',
  `select g.partition_id, g.committed, p."partition", p.first_offset
   from log_group_partition as g join log_partition as p on p.id = g.partition_id
   where g.group_name = $1 and p.topic = $2 order by g.partition_id for update of g`,
);
/** Clocks of publishers differ a little, so this looks for the lowest offset and not for the first place in time. */
const sinceStatement = sql(
  'log.admin_since',
  `select min("offset") as "offset" from log_message where partition_id = $1 and "offset" >= $2 and "offset" < $3
     and appended_at >= $4`,
);
/** Without a member and with a new epoch: what the present one still commits is refused, and it takes the partition anew. */
const rewindStatement = sql(
  'log.admin_rewind',
  `update log_group_partition set committed = $3, epoch = epoch + 1, member_id = null
   where group_name = $1 and partition_id = $2`,
);
const tellStatement = sql('log.admin_tell', `select pg_notify('tom_group', $1)`);

interface Held {
  readonly partition_id: number;
  readonly committed: number;
  readonly partition: number;
  readonly first_offset: number;
}

/** The operator's side of the event log in Postgres. */
export function createPostgresBrokerAdmin(options: { readonly connectionString: string }): BrokerAdmin {
  const database = createDatabase({
    connectionString: options.connectionString,
    applicationName: 'event log (operator)',
    maxConnections: 2,
    // Looking for an instant reads a partition's messages from where the group stands backwards: no hurry.
    statementTimeoutMs: 300_000,
  });
  return {
    topics: async () => (await database.query<{ name: string }>(topicsStatement)).map(({ name }) => name),
    lags: () => database.query<GroupLag>(lagsStatement),
    rewind: ({ group, topic, from, dryRun = false }) =>
      database.transaction(async (tx) => {
        const rewound: Rewound[] = [];
        for (const held of await tx.query<Held>(lockStatement, [group, topic])) {
          const { partition_id: id, partition, committed, first_offset: first } = held;
          const [since] =
            from === 'start'
              ? [{ offset: first }]
              : await tx.query<{ offset: number | null }>(sinceStatement, [id, first, committed, from]);
          const after = Math.min(committed, since?.offset ?? committed);
          if (after < committed && !dryRun) await tx.query(rewindStatement, [group, id, after]);
          rewound.push({ partition, before: String(committed), after: String(after), messages: committed - after });
        }
        if (!dryRun) await tx.query(tellStatement, [group]);
        return rewound;
      }),
    close: () => database.close(),
  };
}

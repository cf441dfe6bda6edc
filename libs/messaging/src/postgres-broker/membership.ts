import { sql, type Database, type Statement } from '@tom/postgres';

/** What the log knows of a group: who lives, and who holds which partition. */
export interface GroupView {
  readonly members: readonly { readonly id: string; readonly topics: readonly string[] }[];
  readonly partitions: readonly {
    readonly id: number;
    readonly topic: string;
    readonly partition: number;
    readonly member_id: string | null;
    readonly epoch: number;
  }[];
}

/** A partition just taken: what its former holder committed, and the epoch that shuts that holder out. */
export interface Taken {
  readonly partition_id: number;
  readonly committed: number;
  readonly epoch: number;
}

const beatStatement = sql(
  'log.heartbeat',
  `insert into log_member as m (id, group_name, topics, lease_until, lock_key)
   values ($1, $2, $3::text[], clock_timestamp() + $4 * interval '1 millisecond', $5)
   on conflict (id) do update set lease_until = excluded.lease_until, lock_key = excluded.lock_key`,
);

/** Tells the retention until when this group was served: it waits for those who still live. */
const seenStatement = sql(
  'log.group_seen',
  `insert into log_group as g (name, last_seen_at) values ($1, $2)
   on conflict (name) do update set last_seen_at = greatest(g.last_seen_at, excluded.last_seen_at)`,
);

const viewStatement = sql(
  'log.group_view',
  `select
     (select coalesce(json_agg(json_build_object('id', m.id, 'topics', m.topics) order by m.id), '[]')
        from log_member as m where m.group_name = $1 and log_is_alive(m)) as members,
     (select coalesce(json_agg(json_build_object('id', p.id, 'topic', p.topic, 'partition', p."partition",
        'member_id', g.member_id, 'epoch', coalesce(g.epoch, 0)) order by p.topic, p."partition"), '[]')
        from log_partition as p
        left join log_group_partition as g on g.partition_id = p.id and g.group_name = $1
        where p.topic = any ($2::text[])) as partitions`,
);

/**
 * Takes partitions that nobody alive holds. The row lock makes this wait for a commit that the former holder's
 * backend has under way, so what comes back is the last word, and the new epoch refuses anything later.
 */
const takeStatement = sql(
  'log.take',
  `insert into log_group_partition as g (group_name, partition_id, committed, epoch, member_id)
   select $1, p.id, p.first_offset, 1, $2 from log_partition as p where p.id = any ($3::int[]) order by p.id
   on conflict (group_name, partition_id) do update set member_id = excluded.member_id, epoch = g.epoch + 1
     where g.member_id is null or g.member_id = excluded.member_id
       or not exists (select 1 from log_member as m where m.id = g.member_id and log_is_alive(m))
   returning partition_id, committed, epoch`,
);

const releaseStatement = sql(
  'log.release',
  `with released as (
     update log_group_partition set member_id = null
     where group_name = $1 and member_id = $2 and partition_id = any ($3::int[]) returning 1)
   select pg_notify('tom_group', $1) from released limit 1`,
);

const leaveStatement = sql(
  'log.leave',
  `with gone as (delete from log_member where id = $2 returning 1),
   released as (update log_group_partition set member_id = null where group_name = $1 and member_id = $2 returning 1)
   select pg_notify('tom_group', $1) from gone limit 1`,
);

const joinedStatement = sql('log.joined', `select pg_notify('tom_group', $1)`);

const forgetStatement = sql(
  'log.forget_members',
  `delete from log_member where group_name = $1 and lease_until < clock_timestamp() - interval '10 minutes'`,
);

/** The statements of one member of a group. */
export interface Membership {
  /** `seen` is given now and then: it is what the retention waits for. */
  beat(lockKey: number | null, seen: Date | undefined): Promise<GroupView>;
  announce(): Promise<void>;
  take(partitionIds: readonly number[]): Promise<readonly Taken[]>;
  release(partitionIds: readonly number[]): Promise<void>;
  leave(): Promise<void>;
}

/** A member with its own id; `leaseMs` is how long it counts as alive after each beat. */
export function createMembership(
  database: Database,
  options: { id: string; group: string; topics: readonly string[]; leaseMs: number },
): Membership {
  const { id, group, topics, leaseMs } = options;
  const run = async (statement: Statement, values: readonly unknown[]): Promise<void> => {
    await database.query(statement, values);
  };
  return {
    beat: async (lockKey, seen) => {
      await run(beatStatement, [id, group, topics, leaseMs, lockKey]);
      if (seen) await run(seenStatement, [group, seen]);
      const [view] = await database.query<GroupView>(viewStatement, [group, topics]);
      if (!view) throw new Error('the log answered nothing');
      return view;
    },
    announce: async () => {
      await run(forgetStatement, [group]);
      await run(joinedStatement, [group]);
    },
    take: (partitionIds) => database.query<Taken>(takeStatement, [group, id, partitionIds]),
    release: (partitionIds) => run(releaseStatement, [group, id, partitionIds]),
    leave: () => run(leaveStatement, [group, id]),
  };
}

/**
 * What a member should take and give up: of each topic an equal share, where the members are counted in an order that
 * differs by topic, so that the odd partitions do not all fall to the same one.
 */
export function shareOf(view: GroupView, me: string): { take: number[]; giveUp: number[] } {
  const take: number[] = [];
  const giveUp: number[] = [];
  const alive = new Set(view.members.map((member) => member.id));
  for (const topic of new Set(view.partitions.map((partition) => partition.topic))) {
    const partitions = view.partitions.filter((partition) => partition.topic === topic);
    const members = view.members.filter((member) => member.topics.includes(topic)).map((member) => member.id);
    const rank = members.indexOf(me);
    if (rank < 0) continue;
    const turned = (rank + topic.length) % members.length;
    const fair = Math.floor(partitions.length / members.length) + (turned < partitions.length % members.length ? 1 : 0);
    const mine = partitions.filter((partition) => partition.member_id === me);
    if (mine.length > fair) giveUp.push(...mine.slice(fair).map((partition) => partition.id));
    const free = partitions.filter(({ member_id: holder }) => holder === null || (holder !== me && !alive.has(holder)));
    take.push(...free.slice(0, Math.max(0, fair - mine.length)).map((partition) => partition.id));
  }
  return { take, giveUp };
}

import { sql } from '@tom/postgres';

export const createTopics = sql(
  'log.create_topics',
  `select log_create_topic(name, partitions) from unnest($1::text[], $2::int[]) as t(name, partitions)`,
);

export const selectPartitions = sql(
  'log.select_partitions',
  `select id, topic, "partition", next_offset as "nextOffset", first_offset as "firstOffset"
   from log_partition where topic = any($1::text[]) order by id`,
);

export const append = sql('log.append', `select log_append($1::json, $2::int[], $3)`);

/** From each partition (id, next offset) what is there, at most $3 of each and $4 in all; the first named comes first. */
export const poll = sql(
  'log.poll',
  `select a.id, m."offset", m.appended_at as "appendedAt", m.key, m.headers, m.value
   from unnest($1::int[], $2::bigint[]) with ordinality as a(id, next, n)
   cross join lateral (
     select * from log_message l where l.partition_id = a.id and l."offset" >= a.next order by l."offset" limit $3
   ) as m
   order by a.n, m."offset" limit $4`,
);

export const tend = sql('log.tend', `select * from log_tend($1, $2, $3::text[], $4, $5::interval)`);

export const renewLease = sql(
  'log.renew_lease',
  `update log_member set lease_until = clock_timestamp() + $2::interval where id = $1`,
);

export const leave = sql('log.leave', `select log_leave($1, $2)`);

/** Answers the partitions whose offset was taken; one that is missing has changed hands. */
export const commit = sql(
  'log.commit',
  `update log_group_partition g set committed = greatest(g.committed, c.next)
   from unnest($3::int[], $4::bigint[], $5::bigint[]) as c(id, next, epoch)
   where g.group_name = $1 and g.member_id = $2 and g.partition_id = c.id and g.epoch = c.epoch
   returning g.partition_id as id`,
);

export const selectLag = sql(
  'log.lag',
  `select p.topic, p."partition", g.committed as "offset", p.next_offset as "end"
   from log_group_partition g join log_partition p on p.id = g.partition_id
   where g.group_name = $1 order by p.topic, p."partition"`,
);

/** How far each partition may be cut: before the instant, and never past the offset of a group seen in the last week. */
export const cuttable = sql(
  'log.cuttable',
  `select p.id, p.topic, p."partition", old.until, held.committed as "heldAt"
   from log_partition p
   cross join lateral (
     select max(m."offset") + 1 as until from (
       select "offset", appended_at from log_message where partition_id = p.id order by "offset" limit $2
     ) as m where m.appended_at < $1
   ) as old
   left join lateral (
     select min(g.committed) as committed from log_group_partition g join log_group n on n.name = g.group_name
     where g.partition_id = p.id and n.last_seen_at > clock_timestamp() - interval '7 days'
   ) as held on true
   where old.until is not null`,
);

export const cut = sql(
  'log.cut',
  `with gone as (delete from log_message where partition_id = $1 and "offset" < $2 returning 1)
   update log_partition set first_offset = greatest(first_offset, $2) where id = $1 returning (select count(*) from gone) as gone`,
);

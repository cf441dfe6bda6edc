import { migrate, type Logger, type Migration } from '@tom/postgres';

type Knex = Parameters<Migration['up']>[0];

/** The tables of the event log, in a database of their own. */
export const eventLogMigrations: Readonly<Record<string, Migration>> = {
  '0001-event-log': {
    async up(knex: Knex): Promise<void> {
      await knex.raw(`
        create table log_topic (name text primary key, partitions int not null check (partitions > 0));

        -- The head of a partition. Whoever appends holds its row lock until the commit: offsets are dense, and become
        -- visible in their order. (A sequence would hand out offsets that commit late, and readers would lose them.)
        create table log_partition (
          id int generated always as identity primary key,
          topic text not null references log_topic (name),
          "partition" int not null,
          next_offset bigint not null default 0,
          first_offset bigint not null default 0,
          unique (topic, "partition")
        ) with (fillfactor = 50);

        create table log_message (
          partition_id int not null,
          "offset" bigint not null,
          appended_at timestamptz(3) not null,
          key text not null,
          headers json not null,
          value text not null,
          primary key (partition_id, "offset")
        );

        create table log_group (name text primary key, last_seen_at timestamptz(3) not null);

        -- lock_key: an advisory lock that the member's own connection holds; it falls at once when the process dies.
        create table log_member (
          id uuid primary key,
          group_name text not null,
          topics text[] not null,
          lease_until timestamptz not null,
          lock_key int
        );
        create index log_member_group on log_member (group_name);

        -- epoch rises with every change of hands, so that what a former holder still sends is refused.
        create table log_group_partition (
          group_name text not null,
          partition_id int not null,
          committed bigint not null,
          epoch bigint not null,
          member_id uuid,
          primary key (group_name, partition_id)
        ) with (fillfactor = 50);
        create index log_group_partition_partition on log_group_partition (partition_id);

        create function log_create_topic(topic_name text, partition_count int) returns void language plpgsql as $$
        begin
          insert into log_topic (name, partitions) values (topic_name, partition_count) on conflict do nothing;
          if found then
            insert into log_partition (topic, "partition") select topic_name, generate_series(0, partition_count - 1);
          end if;
        end $$;

        -- One call, one round trip, one commit, one NOTIFY for a whole batch. Heads are locked in the order of their ids,
        -- so that publishers cannot deadlock; the statement after that sees them as they are now.
        create function log_append(messages json, partition_ids int[], at timestamptz) returns void language plpgsql as $$
        begin
          perform 1 from log_partition where id = any (partition_ids) order by id for update;
          with input as materialized (
            select * from json_to_recordset(messages) as r(p int, n int, key text, headers json, value text)
          ), head as (
            update log_partition as h set next_offset = h.next_offset + c.size
            from (select p, count(*) as size from input group by p) as c
            where h.id = c.p
            returning h.id, h.next_offset - c.size as base
          )
          insert into log_message (partition_id, "offset", appended_at, key, headers, value)
          select i.p, head.base + i.n, at, i.key, i.headers, i.value from input as i join head on head.id = i.p;
          perform pg_notify('tom_log', array_to_string(partition_ids, ','));
        end $$;

        -- A member lives while its lease runs and, if it has one, its lock is held.
        create function log_is_alive(member log_member) returns boolean language sql stable as $$
          select member.lease_until > clock_timestamp() and (member.lock_key is null or exists (
            select 1 from pg_locks where locktype = 'advisory' and classid = 7101 and objid = member.lock_key::oid
              and database = (select oid from pg_database where datname = current_database())))
        $$;

        -- One look of a member at its group: renews its lease, drops the dead, shares the partitions of its topics fairly
        -- and answers what it holds. Serialised per group; called between batches, so nothing released is under way.
        create function log_tend(the_group text, me uuid, my_topics text[], my_lock int, lease interval)
        returns table (id int, topic text, "partition" int, committed bigint, epoch bigint) language plpgsql as $$
        declare
          total int;
          living int;
          share int;
          changed boolean := false;
        begin
          perform pg_advisory_xact_lock(7102, hashtext(the_group));
          insert into log_group (name, last_seen_at) values (the_group, clock_timestamp())
            on conflict (name) do update set last_seen_at = excluded.last_seen_at
            where log_group.last_seen_at < excluded.last_seen_at - interval '1 minute';
          insert into log_member (id, group_name, topics, lease_until, lock_key)
            values (me, the_group, my_topics, clock_timestamp() + lease, my_lock) on conflict do nothing;
          if found then changed := true; else
            update log_member as m set lease_until = clock_timestamp() + lease, lock_key = my_lock where m.id = me;
          end if;

          insert into log_group_partition (group_name, partition_id, committed, epoch)
            select the_group, p.id, p.first_offset, 0 from log_partition p
            where p.topic = any (my_topics)
              and not exists (select 1 from log_group_partition g where g.group_name = the_group and g.partition_id = p.id)
            on conflict do nothing;

          delete from log_member m where m.group_name = the_group and m.id <> me and not log_is_alive(m);
          if found then changed := true; end if;
          update log_group_partition g set member_id = null, epoch = g.epoch + 1
            where g.group_name = the_group and g.member_id is not null
              and not exists (select 1 from log_member m where m.id = g.member_id);

          select count(*) into total from log_partition p where p.topic = any (my_topics);
          select count(*) into living from log_member m where m.group_name = the_group and m.topics && my_topics;
          share := ceil(total::numeric / living);
          update log_group_partition g set member_id = null, epoch = g.epoch + 1
            where g.group_name = the_group and g.partition_id in (
              select mine.partition_id from log_group_partition mine
              where mine.group_name = the_group and mine.member_id = me
              order by mine.partition_id offset share);
          if found then changed := true; end if;
          update log_group_partition g set member_id = me, epoch = g.epoch + 1
            where g.group_name = the_group and g.partition_id in (
              select free.partition_id from log_group_partition free
              join log_partition p on p.id = free.partition_id and p.topic = any (my_topics)
              where free.group_name = the_group and free.member_id is null
              order by free.partition_id
              limit greatest(0, share - (select count(*) from log_group_partition h
                where h.group_name = the_group and h.member_id = me)));
          if changed then perform pg_notify('tom_log_group', the_group); end if;
          return query select p.id, p.topic, p."partition", g.committed, g.epoch
            from log_group_partition g join log_partition p on p.id = g.partition_id
            where g.group_name = the_group and g.member_id = me order by p.id;
        end $$;

        create function log_leave(the_group text, me uuid) returns void language plpgsql as $$
        begin
          perform pg_advisory_xact_lock(7102, hashtext(the_group));
          delete from log_member where id = me;
          update log_group_partition set member_id = null, epoch = epoch + 1 where group_name = the_group and member_id = me;
          perform pg_notify('tom_log_group', the_group);
        end $$;
      `);
    },
  },
};

/** Brings the event log's schema up to date; see `migrate`. */
export function migrateEventLog(connectionString: string, options: { readonly logger?: Logger } = {}): Promise<string[]> {
  return migrate(connectionString, { migrations: eventLogMigrations, ...options });
}

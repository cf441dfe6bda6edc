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

        -- One call, one round trip, one commit, one NOTIFY for a whole batch. Heads are locked in the order of their
        -- ids, so that publishers cannot deadlock; the statement after that sees them as they are now.
        create function log_append(messages json, partition_ids int[], at timestamptz) returns void
        language plpgsql as $$
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
      `);
    },
  },
};

/** Brings the event log's schema up to date; see `migrate`. */
export function migrateEventLog(
  connectionString: string,
  options: { readonly logger?: Logger } = {},
): Promise<string[]> {
  return migrate(connectionString, { migrations: eventLogMigrations, ...options });
}

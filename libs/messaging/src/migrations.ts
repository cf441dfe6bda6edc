import type { Migration } from '@tom/postgres';
import { dayPartitionsFunction } from './time-partitions.ts';

type Knex = Parameters<Migration['up']>[0];

/** The tables of messaging, to be run in each service's own database beside its own migrations. */
export const messagingMigrations: Readonly<Record<string, Migration>> = {
  '0000-messaging': {
    async up(knex: Knex): Promise<void> {
      await knex.raw(`
        create table outbox (
          id bigint generated always as identity primary key,
          topic text not null,
          key text not null,
          headers json not null,
          value text not null
        ) with (
          autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0
        );

        -- message_time is the message's own (ce_time): a row is kept longer than the log keeps the message.
        create table inbox (
          consumer text not null,
          message_id uuid not null,
          message_time timestamptz(3) not null,
          primary key (message_id, consumer)
        );
        create index inbox_message_time on inbox (message_time);

        create table dead_letter (
          id bigint generated always as identity primary key,
          consumer text not null,
          topic text not null,
          "partition" int not null,
          "offset" bigint not null,
          key text not null,
          message_id uuid,
          subject text,
          type text,
          headers jsonb not null,
          value text not null,
          reason text not null,
          error text not null,
          attempts int not null,
          created_at timestamptz(3) not null
        );
        create unique index dead_letter_place on dead_letter (consumer, topic, "partition", "offset");
        create index dead_letter_key on dead_letter (consumer, topic, key, id);
        create index dead_letter_subject on dead_letter (subject);

        -- Locked by arrivals and by redrive alike, so the two cannot interleave.
        create table parked_key (
          consumer text not null,
          topic text not null,
          key text not null,
          parked_at timestamptz(3) not null,
          redrive_requested boolean not null default false,
          primary key (consumer, topic, key)
        );
        create index parked_key_redrive on parked_key (consumer) where redrive_requested;

        create table idempotency (
          actor text not null,
          route text not null,
          key text not null,
          body_hash text not null,
          answer jsonb,
          created_at timestamptz(3) not null,
          primary key (actor, route, key)
        );
        create index idempotency_created_at on idempotency (created_at);
      `);
    },
  },

  '0000-messaging-1-drops': {
    async up(knex: Knex): Promise<void> {
      await knex.raw(`
        -- When a message began to wait; the time in its headers may be a cause's, or another system's.
        alter table outbox add column created_at timestamptz(3) not null default now();

        -- Kept without headers, value and error: who gave a message up and why outlives what people wrote in it.
        create table dead_letter_drop (
          id bigint primary key,
          consumer text not null,
          topic text not null,
          "partition" int not null,
          "offset" bigint not null,
          key text not null,
          message_id uuid,
          subject text,
          type text,
          reason text not null,
          attempts int not null,
          created_at timestamptz(3) not null,
          dropped_at timestamptz(3) not null,
          dropped_by text not null,
          why text not null
        );
        create index dead_letter_drop_place on dead_letter_drop (consumer, topic, "partition", "offset");
        create index dead_letter_drop_latest on dead_letter_drop (consumer, dropped_at desc, id desc);
      `);
    },
  },

  '0000-messaging-2-inbox-by-day': {
    async up(knex: Knex): Promise<void> {
      await knex.raw(dayPartitionsFunction);
      await knex.raw(`
        alter table inbox rename to inbox_before;
        alter table inbox_before rename constraint inbox_pkey to inbox_before_pkey;
        drop index inbox_message_time;

        -- One part a day, dropped as a whole. A message always has the same time (ce_time), so the key still says "once".
        create table inbox (
          consumer text not null,
          message_id uuid not null,
          message_time timestamptz(3) not null,
          primary key (message_id, consumer, message_time)
        ) partition by range (message_time);
        create table inbox_default partition of inbox default;
        create index inbox_default_message_time on inbox_default (message_time);

        -- First the days that have rows, then those to come: 35 days are what the inbox remembers.
        do $$
        declare day date;
        begin
          for day in select distinct (message_time at time zone 'UTC')::date from inbox_before
            where message_time >= now() - interval '36 days' and message_time < now() + interval '7 days'
          loop
            execute format('create table %I partition of inbox for values from (%L) to (%L)',
              'inbox_' || to_char(day, 'YYYYMMDD'), day || ' 00:00:00+00', (day + 1) || ' 00:00:00+00');
          end loop;
        end $$;
        select keep_day_partitions('inbox', 'message_time', (now() at time zone 'UTC')::date, 36);
        insert into inbox select consumer, message_id, message_time from inbox_before;
        drop table inbox_before;
      `);
    },
  },

  '0000-messaging-3-letters-by-message': {
    async up(knex: Knex): Promise<void> {
      await knex.raw(`
        -- A place names another message once the log is another one (moved, or rebuilt). What makes a letter the same is
        -- its message: as the inbox tells it where its headers could be read, else its place together with its content.
        create function letter_content(key text, headers jsonb, value text) returns bigint
          language sql immutable parallel safe
          return hashtextextended(key || headers::text || value, 0);

        alter table dead_letter
          add column message_time timestamptz(3),
          add column content bigint generated always as (letter_content(key, headers, value)) stored;
        update dead_letter as d set message_time = i.message_time
          from inbox as i where i.message_id = d.message_id and i.consumer = d.consumer;
        -- Twice only where the inbox had forgotten the first: both stay.
        update dead_letter set message_time = null where id in (
          select id from (
            select id, row_number() over (partition by consumer, message_id, message_time order by id) as n
            from dead_letter where message_id is not null) as counted
          where n > 1);
        create unique index dead_letter_message on dead_letter (consumer, message_id, message_time);
        create unique index dead_letter_unread on dead_letter (consumer, topic, "partition", "offset", content)
          where message_id is null;
        drop index dead_letter_place;

        -- What was dropped before this has no content to compare: should it come again, it is shown once more.
        alter table dead_letter_drop add column content bigint;

        -- A letter is its own outbox for its copy. Those there now have theirs, unless it still waits among the events.
        alter table dead_letter add column copied boolean not null default true;
        alter table dead_letter alter column copied set default false;
        with waiting as (delete from outbox where topic like '%.dlq' returning topic, headers)
        update dead_letter as d set copied = false from waiting as w
          where w.topic = d.topic || '.' || d.consumer || '.dlq'
            and w.headers ->> 'tom_dlq_partition' = d."partition"::text
            and w.headers ->> 'tom_dlq_offset' = d."offset"::text;
        create index dead_letter_uncopied on dead_letter (id) where not copied and reason <> 'parked';
      `);
    },
  },
};

/** Creates a history table, for a service's own migration: one row per published event, with the event's id. */
export async function historyTable(knex: Knex, table: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]*$/.test(table)) throw new Error(`${table} is not the name of a table`);
  await knex.raw(`
    create table ${table} (
      event_id uuid primary key,
      org_id uuid not null,
      aggregate_id uuid not null,
      revision int not null,
      type text not null,
      occurred_at timestamptz(3) not null,
      envelope jsonb not null
    );
    create unique index ${table}_revision on ${table} (aggregate_id, revision);
    create index ${table}_org on ${table} (org_id, occurred_at);
  `);
}

import type { Migration } from '@tom/postgres';

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

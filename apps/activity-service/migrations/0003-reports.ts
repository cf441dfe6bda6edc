import type { Migration } from '@tom/postgres';

/** Companies by external reference, and the reports that wait for theirs. */
export const reports: Migration = {
  async up(knex) {
    await knex.raw(`
      -- A reference can pass from one company to another whose event comes first: the latest (external_ref_at) has it.
      -- erased_ref: the reference of an erased company as an id from which it cannot be read.
      alter table known_org
        add column external_ref text,
        add column external_ref_at timestamptz(3),
        add column erased_ref uuid;
      create index known_org_external_ref on known_org (external_ref, external_ref_at desc) where external_ref is not null;
      create index known_org_erased_ref on known_org (erased_ref) where erased_ref is not null;

      -- A report as it arrived, until its company is known. The activity's id makes a report that comes twice one.
      create table waiting_report (
        activity_id uuid primary key,
        external_ref text not null,
        position bigint generated always as identity,
        topic text not null,
        "partition" int not null,
        "offset" bigint not null,
        headers jsonb not null,
        value text not null,
        received_at timestamptz(3) not null
      );
      create index waiting_report_line on waiting_report (external_ref, position);
      create index waiting_report_received on waiting_report (received_at);
    `);
  },
};

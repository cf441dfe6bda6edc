import type { Migration } from '@tom/postgres';

/** Requests to build the timeline anew, which this service works off; an operator inserts them. */
export const timelineRebuild: Migration = {
  async up(knex) {
    await knex.raw(`
      -- org_id: one company; null: all. reached: the last company that is done, so that a restart goes on behind it.
      -- claimed_until: the process that is at it says so again with every company.
      create table timeline_rebuild (
        rebuild_id uuid primary key,
        org_id uuid,
        requested_by text not null,
        requested_at timestamptz(3) not null default now(),
        reached uuid,
        companies int not null default 0,
        added int not null default 0,
        changed int not null default 0,
        removed int not null default 0,
        error text,
        claimed_until timestamptz,
        finished_at timestamptz(3)
      );
      create index timeline_rebuild_open on timeline_rebuild (requested_at) where finished_at is null;
    `);
  },
};

import type { Migration } from '@tom/postgres';

export const caseWork: Migration = {
  async up(knex) {
    await knex.raw(`
      -- A return named it: wanted whatever the phase, until it is fulfilled again.
      alter table case_requirement add column demanded boolean not null default false;

      -- The chain goes by the revision of the case, for a hand-over and a return may share an instant. Nothing wrote
      -- these tables before, so the defaults stand for no row.
      alter table case_handover
        add column revision int not null default 0,
        add column to_phase text;
      alter table case_return
        add column revision int not null default 0,
        add column from_role text not null default '',
        add column from_queue text not null default '',
        add column from_phase text,
        add column to_queue text not null default '';
      drop index case_handover_case;
      create index case_handover_case on case_handover (case_id, revision);
      drop index case_return_case;
      create index case_return_case on case_return (case_id, revision);
    `);
  },
};

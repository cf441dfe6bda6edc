import type { Migration } from '@tom/postgres';

/** What is counted per day: read from the index alone. Of its columns only a person's edit changes one. */
export const dayReports: Migration = {
  async up(knex) {
    await knex.raw(`
      create index activity_when on activity (occurred_at) include (activity_type, outcome_code, created_by) where not deleted;
    `);
  },
};

import type { Migration } from '@tom/postgres';

/** When a due date passes, that is told once. What was overdue before this migration is told at the first look. */
export const overdue: Migration = {
  async up(knex) {
    await knex.raw(`
      alter table task add column overdue_told_for timestamptz(3);
      create index task_overdue on task (due_at)
        where status in ('OPEN', 'IN_PROGRESS') and overdue_told_for is distinct from due_at;
    `);
  },
};

import type { Migration } from '@tom/postgres';

/** What reports count: open tasks by their age, and what was done when. */
export const reports: Migration = {
  async up(knex) {
    await knex.raw(`
      create index task_age on task (assigned_queue, created_at) include (assignee) where status in ('OPEN', 'IN_PROGRESS');
      create index task_done on task (closed_at) include (assigned_queue, closed_by) where status = 'DONE';
      create index task_of_template on task (source_template, status, closed_at)
        include (source_version, source_task_key, source_rule, task_type, created_at) where source_template is not null;
    `);
  },
};

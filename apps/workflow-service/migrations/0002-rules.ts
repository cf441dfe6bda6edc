import type { Migration } from '@tom/postgres';

/** What rules read beside the event, and the rules that wait. */
export const rules: Migration = {
  async up(knex) {
    await knex.raw(`
      -- The order logged is what "three in a row" means; activities from before this migration do not count.
      alter table case_activity add column activity_type text, add column outcome_code text,
        add column logged_at timestamptz(3);
      create index case_activity_calls on case_activity (case_id, logged_at desc, activity_id desc)
        where not deleted and activity_type = 'CALL';
      create index case_task_next_step on case_task (org_id, due_at)
        where status in ('OPEN', 'IN_PROGRESS') and origin in ('ACTIVITY', 'PERSON');

      -- A rule that waits: one row per rule and place, gone once it fired. fields: codes and times of the event.
      create table timer (
        place_id uuid not null,
        template text not null,
        rule text not null,
        template_version int not null,
        org_id uuid not null,
        case_id uuid,
        due_at timestamptz(3) not null,
        event_id uuid not null,
        event_type text not null,
        event_time timestamptz(3) not null,
        fields jsonb not null,
        correlation_id uuid not null,
        depth int not null,
        actor text not null,
        primary key (place_id, template, rule)
      );
      create index timer_due on timer (due_at);

      create index rule_evaluation_fired on rule_evaluation (place_id, template) where fired;
    `);
  },
};

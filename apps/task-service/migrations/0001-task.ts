import { historyTable } from '@tom/messaging';
import type { Migration } from '@tom/postgres';

export const init: Migration = {
  async up(knex) {
    await knex.raw('create extension if not exists pg_trgm');
    await knex.raw(`
      create table task (
        task_id uuid primary key,
        org_id uuid not null,
        case_id uuid,
        contact_id uuid,
        task_type text not null,
        title text not null,
        description text,
        assigned_queue text not null,
        assignee_role text not null,
        assignee text,
        assigned_at timestamptz(3),
        priority text not null,
        due_at timestamptz(3),
        due_is_end_of_day boolean not null default false,
        status text not null check (status in ('OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED')),
        waiting_for text,
        origin text not null check (origin in ('TEMPLATE', 'ACTIVITY', 'PERSON', 'INBOUND')),
        source_activity_id uuid,
        source_template text,
        source_version int,
        source_rule text,
        source_task_key text,
        result text,
        version int not null,
        revision int not null,
        created_at timestamptz(3) not null,
        created_by text not null,
        updated_at timestamptz(3) not null,
        updated_by text not null,
        closed_at timestamptz(3),
        closed_by text,

        -- What a queue is sorted by. Rank and business day come from the configuration and are refreshed at the start;
        -- without a due date both day and time are the end of time.
        priority_rank smallint not null,
        due_day timestamptz(3) not null,
        due_order timestamptz(3) not null
          generated always as (coalesce(due_at, timestamptz '9999-12-31 00:00:00+00')) stored,
        -- The transaction that put the task in its present place in the order (see task_place).
        placed_in xid8 not null default pg_current_xact_id()
      )
      -- Counting reads the index alone as long as vacuum keeps up with marking pages as all visible.
      with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);

      create index task_queue on task (assigned_queue, due_day, priority_rank, due_order, task_id) include (assignee)
        where status in ('OPEN', 'IN_PROGRESS');
      create index task_unassigned on task (assigned_queue, due_day, priority_rank, due_order, task_id)
        where status in ('OPEN', 'IN_PROGRESS') and assignee is null;
      create index task_assignee on task (assignee, due_day, priority_rank, due_order, task_id)
        where status in ('OPEN', 'IN_PROGRESS') and assignee is not null;
      create index task_org on task (org_id, created_at desc, task_id desc);
      create index task_case on task (case_id, created_at desc, task_id desc) where case_id is not null;
      create index task_source_activity on task (source_activity_id) where source_activity_id is not null;
      create index task_created on task (created_at desc, task_id desc);
      create index task_title on task using gin (title gin_trgm_ops)
        where status in ('OPEN', 'IN_PROGRESS') and task_type <> 'CALL_BACK';

      -- Where a task stood before it was moved: going through the pages of a queue sees each task in the place that it
      -- had when the first page was read. Kept for a day.
      create table task_place (
        task_id uuid not null,
        placed_in xid8 not null,
        left_in xid8 not null,
        left_at timestamptz(3) not null,
        priority_rank smallint not null,
        due_day timestamptz(3) not null,
        due_order timestamptz(3) not null,
        primary key (task_id, left_in)
      );
      create index task_place_left_in on task_place (left_in);
      create index task_place_left_at on task_place (left_at);

      -- One row per activity: what was decided about its follow-up, by its revision, and what lists show of it.
      create table follow_up (
        activity_id uuid primary key,
        org_id uuid not null,
        revision int not null,
        deleted boolean not null default false,
        follow_up_at timestamptz(3),
        follow_up_revision int not null,
        generation int not null,
        task_id uuid,
        case_id uuid,
        queue text,
        completed_task_id uuid,
        completed_revision int,
        activity_type text not null,
        outcome_code text,
        occurred_at timestamptz(3)
      );
      create index follow_up_last_activity on follow_up (org_id, occurred_at desc, activity_id desc) where not deleted;

      -- A projection of companies. revision 0: known from the owner's answer, no event seen yet.
      create table org (
        org_id uuid primary key,
        revision int not null,
        name text,
        city text,
        current_stage text,
        erased boolean not null default false,
        -- Everything of the company from before this instant is cancelled, also what arrives later.
        cancelled_before timestamptz(3)
      );
      create index org_name on org using gin (name gin_trgm_ops);

      create table cancelled_case (
        case_id uuid primary key,
        org_id uuid not null,
        cancelled_at timestamptz(3) not null
      );

      create table person (
        user_id text primary key,
        name text,
        roles text[] not null,
        settings jsonb not null default '{}',
        seen_at timestamptz(3) not null
      );
    `);
    await historyTable(knex, 'task_history');
  },
};

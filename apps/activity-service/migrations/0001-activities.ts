import { historyTable } from '@tom/messaging';
import type { Migration } from '@tom/postgres';

/** Activities, the timeline, and what is known of companies, contacts and cases. */
export const activities: Migration = {
  async up(knex) {
    await knex.raw(`
      -- A deleted activity keeps its row without its texts: a late command with its id must not log it again.
      -- follow_up_task_* are in no index and pages keep room, so that linking the task is an update in place (HOT).
      create table activity (
        activity_id uuid primary key,
        org_id uuid not null,
        activity_type text not null,
        direction text,
        occurred_at timestamptz(3) not null,
        duration_minutes int,
        outcome_code text,
        subject text,
        notes text,
        contact_id uuid,
        case_id uuid,
        queue text,
        follow_up_at timestamptz(3),
        follow_up_revision int not null,
        follow_up_task_id uuid,
        follow_up_task_created_at timestamptz(3),
        completes_task_id uuid,
        version int not null,
        revision int not null,
        created_at timestamptz(3) not null,
        created_by text not null,
        updated_at timestamptz(3) not null,
        updated_by text not null,
        deleted boolean not null default false
      ) with (fillfactor = 85);
      create index activity_of_org on activity (org_id, occurred_at desc, activity_id desc) where not deleted;
      create index activity_logged on activity (org_id, created_at) where not deleted;
      create index activity_follow_up on activity (org_id, follow_up_at) where follow_up_at is not null and not deleted;
      create index activity_of_person on activity (created_by, occurred_at) where not deleted;

      -- title_* are the system's words; name and detail are people's, cleared when the company is erased.
      create table timeline_entry (
        entry_id uuid primary key,
        org_id uuid not null,
        kind text not null,
        at timestamptz(3) not null,
        actor text not null,
        title_de text not null,
        title_en text not null,
        name text,
        detail text,
        source_type text not null,
        source_id text not null,
        case_id uuid,
        cause_event text,
        cause_template text,
        cause_version int,
        cause_rule text,
        group_id text
      );
      -- Each kind is read in its order and the kinds are merged, so a rare kind costs no more than a frequent one.
      create index timeline_entry_of_org on timeline_entry (org_id, kind, at desc, entry_id desc);
      create index timeline_entry_of_case on timeline_entry (case_id, kind, at desc, entry_id desc) where case_id is not null;

      create table known_org (
        org_id uuid primary key,
        current_stage text,
        revision int not null,
        changed_at timestamptz(3) not null,
        erased boolean not null default false
      );
      create table known_case (
        case_id uuid primary key,
        org_id uuid not null,
        engine text not null,
        queue text not null,
        open boolean not null,
        revision int not null
      );
      create index known_case_open on known_case (org_id) where open;
      create table known_contact (
        contact_id uuid primary key,
        org_id uuid not null,
        removed boolean not null
      );
    `);
    await historyTable(knex, 'activity_history');
  },
};

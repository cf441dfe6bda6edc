import { historyTable } from '@tom/messaging';
import type { Migration } from '@tom/postgres';

export const init: Migration = {
  async up(knex) {
    await knex.raw('create extension if not exists pg_trgm');
    await knex.raw(`
      -- Every version of every template as it was loaded; never updated.
      create table workflow_template (
        template_key text not null,
        version int not null,
        description text,
        content_hash text not null,
        source text not null,
        loaded_at timestamptz(3) not null,
        primary key (template_key, version)
      );

      create sequence case_number;

      create table case_item (
        case_id uuid primary key,
        number bigint not null,
        org_id uuid not null,
        case_type text not null,
        engine text not null,
        phase text,
        status text not null check (status in
          ('NEW', 'IN_PROGRESS', 'WAITING_INTERNAL', 'WAITING_EXTERNAL', 'ESCALATED', 'BLOCKED', 'CLOSED')),
        owner_role text not null,
        owner_queue text not null,
        owner text,
        owned_since timestamptz(3),
        -- The role in which the owner claimed it.
        claimed_role text,
        priority text not null,
        title text not null,
        description text,
        due_at timestamptz(3),
        opened_at timestamptz(3) not null,
        opened_by text not null,
        closed_at timestamptz(3),
        outcome_code text,
        outcome_note text,
        template text,
        template_version int,
        return_count int not null default 0,
        -- A rule escalated it.
        escalated boolean not null default false,
        -- It was returned, or a hand-over was tried and refused, and its outputs were not complete since.
        outputs_demanded boolean not null default false,
        -- The command that asked for the stage with which the case was opened; if that is refused, the case is undone.
        opening_command_id uuid,
        version int not null,
        revision int not null,
        edited_at timestamptz(3) not null,
        edited_by text not null
      );
      create unique index case_item_number on case_item (number);
      -- At most one open case of a type per company.
      create unique index case_item_open on case_item (org_id, case_type) where closed_at is null;
      create index case_item_org on case_item (org_id, number desc);
      create index case_item_owner on case_item (owner, number desc) where owner is not null;
      create index case_item_queue on case_item (owner_queue, number desc) where closed_at is null;
      create index case_item_running on case_item (template, template_version) where closed_at is null;
      create index case_item_opening on case_item (opening_command_id) where opening_command_id is not null
        and closed_at is null;
      create index case_item_due on case_item (due_at)
        where closed_at is null and due_at is not null and status not in ('BLOCKED', 'ESCALATED');
      create index case_item_title on case_item using gin (title gin_trgm_ops);

      create table case_note (
        note_id uuid primary key,
        case_id uuid not null references case_item,
        note_type text not null,
        body text not null,
        created_at timestamptz(3) not null,
        created_by text not null
      );
      create index case_note_case on case_note (case_id, created_at desc, note_id desc);

      -- What a case has to bring, made for every phase of its engine when it is opened.
      create table case_requirement (
        requirement_id uuid primary key,
        case_id uuid not null references case_item,
        engine text not null,
        phase text not null,
        position int not null,
        key text not null,
        output_type text not null,
        description_de text not null,
        description_en text not null,
        mandatory boolean not null,
        fulfilled_value text,
        fulfilled_by text,
        fulfilled_at timestamptz(3)
      );
      create index case_requirement_case on case_requirement (case_id, position);

      create table case_handover (
        handover_id uuid primary key,
        case_id uuid not null references case_item,
        from_engine text not null,
        from_role text not null,
        from_queue text not null,
        from_phase text,
        to_engine text not null,
        to_role text not null,
        to_queue text not null,
        goal text not null,
        context text not null,
        open_points jsonb not null,
        recommendation text not null,
        created_at timestamptz(3) not null,
        created_by text not null
      );
      create index case_handover_case on case_handover (case_id, created_at);

      create table case_return (
        return_id uuid primary key,
        case_id uuid not null references case_item,
        from_engine text not null,
        to_engine text not null,
        to_role text not null,
        to_phase text,
        reason text not null,
        missing jsonb not null,
        created_at timestamptz(3) not null,
        created_by text not null
      );
      create index case_return_case on case_return (case_id, created_at);

      -- A request to move the company on behalf of a case, noted before the one door is asked: should its answer be lost,
      -- the very same is asked again under the same key.
      create table door_request (
        request_id uuid primary key,
        case_id uuid not null references case_item,
        from_stage text not null,
        body_hash text not null,
        created_at timestamptz(3) not null
      );
      create index door_request_created on door_request (created_at);

      -- Projection: companies.
      create table known_org (
        org_id uuid primary key,
        revision int not null,
        -- The revision of the latest stage change seen: one that is older must not start anything any more.
        stage_revision int not null,
        name text,
        city text,
        org_kind text not null,
        status text not null,
        current_stage text not null,
        stage_since timestamptz(3) not null
      );
      create index known_org_name on known_org using gin (name gin_trgm_ops);

      -- Projection: tasks. Closed ones stay, so that an event that comes late cannot open them again.
      create table case_task (
        task_id uuid primary key,
        revision int not null,
        org_id uuid not null,
        case_id uuid,
        task_type text not null,
        task_key text,
        role text not null,
        queue text not null,
        origin text not null,
        status text not null,
        waiting_for text,
        due_at timestamptz(3)
      );
      create index case_task_case on case_task (case_id) where case_id is not null;
      create index case_task_open on case_task (org_id) where status in ('OPEN', 'IN_PROGRESS');

      -- Projection: which activity was done for which case.
      create table case_activity (
        activity_id uuid primary key,
        revision int not null,
        org_id uuid not null,
        case_id uuid,
        deleted boolean not null
      );
      create index case_activity_case on case_activity (case_id) where not deleted;

      -- What was seen and what rules decided, from the first event on. Codes and times only.
      create table observed_event (
        event_id uuid primary key,
        type text not null,
        org_id uuid not null,
        case_id uuid,
        aggregate_id uuid not null,
        revision int not null,
        occurred_at timestamptz(3) not null,
        correlation_id uuid not null,
        causation_id uuid,
        codes jsonb not null
      );
      create index observed_event_org on observed_event (org_id, occurred_at);
      create index observed_event_time on observed_event (occurred_at);

      create table rule_evaluation (
        event_id uuid not null,
        template text not null,
        template_version int not null,
        rule text not null,
        -- The case of a rule; the company of a trigger.
        place_id uuid not null,
        org_id uuid not null,
        case_id uuid,
        fired boolean not null,
        -- Why it did nothing although nothing of its condition was false: ORG_KIND, SUPERSEDED, CASE_CLOSED, …
        obstacle text,
        condition text,
        parts jsonb not null,
        evaluated_at timestamptz(3) not null,
        primary key (event_id, template, rule, place_id)
      );
      create index rule_evaluation_org on rule_evaluation (org_id, evaluated_at);
      create index rule_evaluation_time on rule_evaluation (evaluated_at);
    `);
    await historyTable(knex, 'case_history');
  },
};

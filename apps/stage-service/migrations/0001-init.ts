import { historyTable } from '@tom/messaging';
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table org (
      org_id uuid primary key,
      name text,
      org_kind text not null,
      status text not null,
      current_stage text not null,
      stage_since timestamptz(3) not null,
      external_ref text,
      website text,
      phone text,
      street text,
      postal_code text,
      city text,
      country text,
      industry text,
      account_owner text,
      was_customer boolean not null,
      name_key text,
      domain text,
      name_sort text generated always as (lower(coalesce(name, ''))) stored,
      search_text text generated always as (
        lower(coalesce(name, '') || chr(31) || coalesce(city, '') || chr(31) || coalesce(external_ref, '') || chr(31)
          || coalesce(domain, ''))
      ) stored,
      version integer not null,
      revision integer not null,
      created_at timestamptz(3) not null,
      created_by text not null,
      updated_at timestamptz(3) not null,
      updated_by text not null,
      erased_at timestamptz(3),
      constraint org_external_ref_key unique (external_ref)
    );
    create index org_by_name on org (name_sort, org_id);
    create index org_by_created on org (created_at, org_id);
    create index org_by_updated on org (updated_at, org_id);
    create index org_by_stage_since on org (stage_since, org_id);
    create index org_by_stage on org (current_stage, created_at, org_id);
    -- For the counts alone: with equal keys folded it is a tenth of the one above.
    create index org_count_by_stage on org (current_stage);
    create index org_by_owner on org (account_owner) where account_owner is not null;
    create index org_by_city on org (lower(city)) where city is not null;
    create index org_by_domain on org (domain) where domain is not null;
    create index org_by_name_key on org (name_key text_pattern_ops) where name_key is not null;

    create table org_stage_history (
      event_id uuid primary key,
      org_id uuid not null,
      revision integer not null,
      from_stage text,
      to_stage text not null,
      reason_code text,
      reason_note text,
      duplicate_of_org_id uuid,
      at timestamptz(3) not null,
      actor text not null,
      case_id uuid,
      outcome_code text,
      facts jsonb not null,
      stages_version integer not null,
      template text,
      template_version integer,
      rule text
    );
    create unique index org_stage_history_by_org on org_stage_history (org_id, revision);

    create table contact (
      contact_id uuid primary key,
      org_id uuid not null references org,
      name text,
      title text,
      email text,
      phone text,
      decides text,
      version integer not null,
      revision integer not null,
      created_at timestamptz(3) not null,
      created_by text not null,
      updated_at timestamptz(3) not null,
      updated_by text not null,
      removed_at timestamptz(3),
      erased_at timestamptz(3)
    );
    create index contact_by_org on contact (org_id, contact_id) where removed_at is null and erased_at is null;

    -- Every task seen, by revision: a closed one stays, or an older event that comes late would open it again.
    create table org_task (
      task_id uuid primary key,
      org_id uuid not null,
      revision integer not null,
      open boolean not null,
      task_type text not null,
      title text not null,
      assigned_queue text not null,
      assignee text,
      due_at timestamptz(3),
      due_sort timestamptz(3) not null generated always as (coalesce(due_at, timestamptz '9999-01-01 00:00:00+00')) stored
    );
    create index org_task_next on org_task (org_id, due_sort, task_id) where open;

    create table org_activity (
      activity_id uuid primary key,
      org_id uuid not null,
      revision integer not null,
      deleted boolean not null,
      activity_type text not null,
      outcome_code text,
      occurred_at timestamptz(3)
    );
    create index org_activity_last on org_activity (org_id, occurred_at, activity_id) where not deleted;

    -- What a list of companies shows of other services' things; apart from org, whose many indexes it would keep busy.
    -- next_sort: due instant of the next task; year 9999 for a task without one, infinity without a task.
    create table org_outlook (
      org_id uuid primary key,
      next_task_id uuid,
      next_sort timestamptz(3) not null default 'infinity',
      last_activity_id uuid
    );
    create index org_outlook_by_next on org_outlook (next_sort, org_id);
  `);
  await historyTable(knex, 'org_history');
  await trigramIndexes(knex);
}

/**
 * Substring search and similar names go by trigrams. On a server without the extension both still work: the search
 * reads the table (about 100 ms per 100,000 companies), similar names are looked for among those that begin alike.
 */
async function trigramIndexes(knex: Knex): Promise<void> {
  const offered: readonly unknown[] = await knex('pg_available_extensions').where({ name: 'pg_trgm' }).select('name');
  if (offered.length === 0) return;
  await knex.raw(`
    create extension if not exists pg_trgm;
    create index org_by_search_text on org using gin (search_text gin_trgm_ops);
    create index org_by_similar_name on org using gin (name_key gin_trgm_ops) where name_key is not null;
  `);
}

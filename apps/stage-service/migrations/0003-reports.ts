import type { Knex } from 'knex';

/** What reports count: how long each stage lasted, and how far each company came. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- When the stage that a move leaves was entered; null for the first row of a company.
    alter table org_stage_history add column from_since timestamptz(3);
    update org_stage_history h set from_since = p.since
    from (select event_id, lag(at) over (partition by org_id order by revision) as since from org_stage_history) p
    where p.event_id = h.event_id and p.since is not null;
    create index org_stage_history_left on org_stage_history (from_stage, at) include (from_since, org_id)
      where from_stage is not null;
    create index org_stage_history_entered on org_stage_history (to_stage, at) include (org_id);

    create index org_by_industry on org (industry) where industry is not null;
    create index org_by_stay on org (current_stage, stage_since, org_id);

    -- A company's present journey: since it was created or entered the first stage anew. visited: the stages that it
    -- was in since, each once and sorted; what is far and what is not says the configuration of the day.
    create table org_journey (
      org_id uuid primary key,
      begun_at timestamptz(3) not null,
      visited text[] not null,
      current_stage text not null
    );
    insert into org_journey (org_id, begun_at, visited, current_stage)
    select o.org_id, b.at, array(
        select distinct h.to_stage from org_stage_history h where h.org_id = o.org_id and h.revision >= b.revision order by 1
      ), o.current_stage
    from org o
    cross join lateral (
      select at, revision from org_stage_history h
      where h.org_id = o.org_id and (h.from_stage is null or h.to_stage = 'UNVERIFIED') order by revision desc limit 1
    ) b;
    create index org_journey_begun on org_journey (begun_at, org_id) include (visited, current_stage);

    -- What a list shows of the next task beside its title; unknown for what was seen before.
    alter table org_task add column priority text, add column due_is_end_of_day boolean;

    -- Who did it; unknown for what was seen before.
    alter table org_activity add column logged_by text;
    create index org_activity_when on org_activity (occurred_at) include (org_id, activity_type, outcome_code) where not deleted;
  `);
}

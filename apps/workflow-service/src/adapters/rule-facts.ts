import { sql, type Tx } from '@tom/postgres';

/** How far back calls in a row are counted. */
const MOST_CALLS = 100;

/** Exported, as every query over many rows, for the test of its plan. */
export const callsInRow = sql(
  'rule_facts.calls_in_row',
  `select a.activity_id as "activityId",
     coalesce(min(run.n) filter (where run.outcome_code is distinct from a.outcome_code) - 1, count(run.n))::int as calls
   from case_activity as a
   cross join lateral (
     select b.outcome_code, row_number() over (order by b.logged_at desc, b.activity_id desc) as n
     from case_activity as b
     where b.case_id = a.case_id and not b.deleted and b.activity_type = 'CALL'
       and (b.logged_at, b.activity_id) <= (a.logged_at, a.activity_id)
     order by b.logged_at desc, b.activity_id desc limit ${MOST_CALLS}
   ) as run
   where a.activity_id = any ($1::uuid[]) and a.activity_type = 'CALL' and not a.deleted
   group by a.activity_id, a.outcome_code`,
);
export const nextSteps = sql(
  'rule_facts.next_steps',
  `select o.org_id as "orgId", (
     select count(*)::int from case_task as t where t.org_id = o.org_id and t.due_at > $2
       and t.status in ('OPEN', 'IN_PROGRESS') and t.origin in ('ACTIVITY', 'PERSON')) as steps
   from unnest($1::uuid[]) as o(org_id)`,
);
export const firedBefore = sql(
  'rule_facts.fired_before',
  `select p.place_id as "placeId", p.template, (
     select count(*)::int from (
       select from rule_evaluation as e where e.place_id = p.place_id and e.template = p.template and e.fired limit $3
     ) as counted) as times
   from unnest($1::uuid[], $2::text[]) as p(place_id, template)`,
);

/** Of each CALL, how many of its case in a row up to it, in the order logged, had its outcome; at most 100. */
export async function callsInRowOf(tx: Tx, activityIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (activityIds.length === 0) return new Map();
  const rows = await tx.query<{ activityId: string; calls: number }>(callsInRow, [activityIds]);
  return new Map(rows.map((row) => [row.activityId, row.calls]));
}

/** How many next steps (domain.md §3) each company has after the instant, as far as is known here. */
export async function nextStepsOf(tx: Tx, orgIds: readonly string[], now: Date): Promise<ReadonlyMap<string, number>> {
  if (orgIds.length === 0) return new Map();
  const rows = await tx.query<{ orgId: string; steps: number }>(nextSteps, [orgIds, now]);
  return new Map(rows.map((row) => [row.orgId, row.steps]));
}

export interface RulePlace {
  readonly placeId: string;
  readonly template: string;
}

/** How often rules of a template fired at a place, counted up to `most`. */
export async function firedBeforeAt(
  tx: Tx,
  places: readonly RulePlace[],
  most: number,
): Promise<(place: RulePlace) => number> {
  const named = ({ placeId, template }: RulePlace): string => `${placeId} ${template}`;
  const distinct = [...new Map(places.map((place) => [named(place), place])).values()];
  if (distinct.length === 0) return () => 0;
  const rows = await tx.query<RulePlace & { times: number }>(firedBefore, [
    distinct.map(({ placeId }) => placeId),
    distinct.map(({ template }) => template),
    most,
  ]);
  const times = new Map(rows.map((row) => [named(row), row.times]));
  return (place) => times.get(named(place)) ?? 0;
}

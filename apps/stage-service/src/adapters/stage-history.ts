import { sql, type Tx } from '@tom/postgres';
import { journeySteps } from '../domain/journey.ts';
import type { StageChange } from '../domain/stage.ts';
import type { Reader } from './reader.ts';

const columns = `event_id as "eventId", org_id as "orgId", revision, from_stage as "fromStage", from_since as "fromSince",
  to_stage as "toStage", reason_code as "reasonCode", reason_note as "reasonNote", duplicate_of_org_id as "duplicateOfOrgId", at, actor,
  case_id as "caseId", outcome_code as "outcomeCode", facts, stages_version as "stagesVersion", template,
  template_version as "templateVersion", rule`;

// The history and, of each company once, its journey: anew, or a step further. One statement, for the way through the
// door is a hot one.
const insert = sql(
  'stage_history.insert',
  `with written as (
     insert into org_stage_history (event_id, org_id, revision, from_stage, from_since, to_stage, reason_code, reason_note,
       duplicate_of_org_id, at, actor, case_id, outcome_code, facts, stages_version, template, template_version, rule)
     select "eventId", "orgId", revision, "fromStage", "fromSince", "toStage", "reasonCode", "reasonNote",
       "duplicateOfOrgId", at, actor, "caseId", "outcomeCode", facts, "stagesVersion", template, "templateVersion", rule
     from json_to_recordset($1::json) as h("eventId" uuid, "orgId" uuid, revision integer, "fromStage" text,
       "fromSince" timestamptz, "toStage" text, "reasonCode" text, "reasonNote" text, "duplicateOfOrgId" uuid,
       at timestamptz, actor text, "caseId" uuid, "outcomeCode" text, facts jsonb, "stagesVersion" integer, template text,
       "templateVersion" integer, rule text)
   ), steps as (
     select * from json_to_recordset($2::json) as s("orgId" uuid, "begunAt" timestamptz, visited text[], "currentStage" text)
   ), begun as (
     insert into org_journey (org_id, begun_at, visited, current_stage)
     select "orgId", "begunAt", visited, "currentStage" from steps where "begunAt" is not null
     on conflict (org_id) do update set begun_at = excluded.begun_at, visited = excluded.visited,
       current_stage = excluded.current_stage
   )
   update org_journey as j set current_stage = s."currentStage",
     visited = case when j.visited @> s.visited then j.visited
       else array(select distinct stage from unnest(j.visited || s.visited) as stage order by 1) end
   from steps s where s."begunAt" is null and j.org_id = s."orgId"`,
);

/** `firstStage`: a company that enters it begins its journey anew. */
export async function insertStageChanges(tx: Tx, changes: readonly StageChange[], firstStage: string): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(insert, [JSON.stringify(changes), JSON.stringify(journeySteps(changes, firstStage))]);
}

const last = sql(
  'stage_history.last',
  'select actor, at from org_stage_history where org_id = $1 order by revision desc limit 1',
);

/** Who moved the company last, and when; every company has such a row from its creation on. */
export async function lastStageChange(reader: Reader, orgId: string): Promise<{ readonly actor: string; readonly at: Date }> {
  const [row] = await reader.query<{ actor: string; at: Date }>(last, [orgId]);
  if (row === undefined) throw new Error(`Company ${orgId} has no stage history`);
  return row;
}

const path = sql(
  'stage_history.path',
  'select to_stage as stage, at from org_stage_history where org_id = $1 order by revision',
);

/** The stages that the company went through, oldest first. */
export function stagePath(reader: Reader, orgId: string): Promise<{ readonly stage: string; readonly at: Date }[]> {
  return reader.query(path, [orgId]);
}

const page = sql(
  'stage_history.page',
  `select ${columns} from org_stage_history where org_id = $1 and revision < $2 order by revision desc limit $3`,
);

/** Newest first, from before the given revision on. */
export function listStageChanges(reader: Reader, orgId: string, before: number, limit: number): Promise<StageChange[]> {
  return reader.query(page, [orgId, before, limit]);
}

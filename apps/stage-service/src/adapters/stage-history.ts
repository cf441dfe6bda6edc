import { sql, type Tx } from '@tom/postgres';
import type { StageChange } from '../domain/stage.ts';
import type { Reader } from './reader.ts';

const columns = `event_id as "eventId", org_id as "orgId", revision, from_stage as "fromStage", to_stage as "toStage",
  reason_code as "reasonCode", reason_note as "reasonNote", duplicate_of_org_id as "duplicateOfOrgId", at, actor,
  case_id as "caseId", outcome_code as "outcomeCode", facts, stages_version as "stagesVersion", template,
  template_version as "templateVersion", rule`;

const insert = sql(
  'stage_history.insert',
  `insert into org_stage_history (event_id, org_id, revision, from_stage, to_stage, reason_code, reason_note,
     duplicate_of_org_id, at, actor, case_id, outcome_code, facts, stages_version, template, template_version, rule)
   select "eventId", "orgId", revision, "fromStage", "toStage", "reasonCode", "reasonNote", "duplicateOfOrgId", at, actor,
     "caseId", "outcomeCode", facts, "stagesVersion", template, "templateVersion", rule
   from json_to_recordset($1::json) as h("eventId" uuid, "orgId" uuid, revision integer, "fromStage" text, "toStage" text,
     "reasonCode" text, "reasonNote" text, "duplicateOfOrgId" uuid, at timestamptz, actor text, "caseId" uuid,
     "outcomeCode" text, facts jsonb, "stagesVersion" integer, template text, "templateVersion" integer, rule text)`,
);

export async function insertStageChanges(tx: Tx, changes: readonly StageChange[]): Promise<void> {
  if (changes.length > 0) await tx.query(insert, [JSON.stringify(changes)]);
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

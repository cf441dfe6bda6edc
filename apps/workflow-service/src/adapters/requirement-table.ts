import { sql, type Database, type Tx } from '@tom/postgres';
import type { Output, Requirement } from '@tom/workflow';
import { present } from './present.ts';

const RECORD = `r("requirementId" uuid, "caseId" uuid, engine text, phase text, position int, key text,
  "outputType" text, "descriptionDe" text, "descriptionEn" text, mandatory boolean, demanded boolean,
  "fulfilledValue" text, "fulfilledBy" text, "fulfilledAt" timestamptz)`;

const insert = sql(
  'requirement.insert',
  `insert into case_requirement (requirement_id, case_id, engine, phase, position, key, output_type, description_de,
     description_en, mandatory)
   select "requirementId", "caseId", engine, phase, position, key, "outputType", "descriptionDe", "descriptionEn",
     mandatory
   from jsonb_to_recordset($1::jsonb) as ${RECORD}
   on conflict (requirement_id) do nothing`,
);
const save = sql(
  'requirement.save',
  `insert into case_requirement as q (requirement_id, case_id, engine, phase, position, key, output_type,
     description_de, description_en, mandatory, demanded, fulfilled_value, fulfilled_by, fulfilled_at)
   select "requirementId", "caseId", engine, phase, position, key, "outputType", "descriptionDe", "descriptionEn",
     mandatory, demanded, "fulfilledValue", "fulfilledBy", "fulfilledAt"
   from jsonb_to_recordset($1::jsonb) as ${RECORD}
   on conflict (requirement_id) do update set demanded = excluded.demanded, fulfilled_value = excluded.fulfilled_value,
     fulfilled_by = excluded.fulfilled_by, fulfilled_at = excluded.fulfilled_at`,
);
const ofCases = sql(
  'requirement.of_cases',
  `select requirement_id as "requirementId", case_id as "caseId", engine, phase, position, key,
     output_type as "outputType", description_de as "descriptionDe", description_en as "descriptionEn", mandatory,
     demanded, fulfilled_value as "fulfilledValue", fulfilled_by as "fulfilledBy", fulfilled_at as "fulfilledAt"
   from case_requirement where case_id = any($1) order by case_id, position, requirement_id`,
);

/** Stores what a case has to bring; what is known already keeps what it brought. */
export async function insertRequirements(tx: Tx, requirements: readonly Requirement[]): Promise<void> {
  if (requirements.length > 0) await tx.query(insert, [JSON.stringify(requirements)]);
}

/** Stores outputs as they are now: new ones, supplied ones, wanted ones. */
export async function saveOutputs(tx: Tx, outputs: readonly Output[]): Promise<void> {
  if (outputs.length > 0) await tx.query(save, [JSON.stringify(outputs)]);
}

export async function outputsOfCases(
  from: Pick<Database, 'query'> | Tx,
  caseIds: readonly string[],
): Promise<Output[]> {
  return (await from.query<object>(ofCases, [caseIds])).map(present<Output>);
}

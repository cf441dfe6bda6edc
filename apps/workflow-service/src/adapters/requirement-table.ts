import { sql, type Database, type Tx } from '@tom/postgres';
import type { Requirement } from '../domain/opening.ts';
import { present } from './present.ts';

export interface StoredRequirement extends Requirement {
  readonly fulfilledValue?: string;
  readonly fulfilledBy?: string;
  readonly fulfilledAt?: Date;
}

const insert = sql(
  'requirement.insert',
  `insert into case_requirement (requirement_id, case_id, engine, phase, position, key, output_type, description_de,
     description_en, mandatory)
   select "requirementId", "caseId", engine, phase, position, key, "outputType", "descriptionDe", "descriptionEn",
     mandatory
   from jsonb_to_recordset($1::jsonb) as r("requirementId" uuid, "caseId" uuid, engine text, phase text, position int,
     key text, "outputType" text, "descriptionDe" text, "descriptionEn" text, mandatory boolean)
   on conflict (requirement_id) do nothing`,
);
const ofCases = sql(
  'requirement.of_cases',
  `select requirement_id as "requirementId", case_id as "caseId", engine, phase, position, key,
     output_type as "outputType", description_de as "descriptionDe", description_en as "descriptionEn", mandatory,
     fulfilled_value as "fulfilledValue", fulfilled_by as "fulfilledBy", fulfilled_at as "fulfilledAt"
   from case_requirement where case_id = any($1) order by case_id, position`,
);

export async function insertRequirements(tx: Tx, requirements: readonly Requirement[]): Promise<void> {
  if (requirements.length > 0) await tx.query(insert, [JSON.stringify(requirements)]);
}

export async function requirementsOfCases(
  from: Pick<Database, 'query'> | Tx,
  caseIds: readonly string[],
): Promise<StoredRequirement[]> {
  return (await from.query<object>(ofCases, [caseIds])).map(present<StoredRequirement>);
}

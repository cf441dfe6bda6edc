import type { EventTypeName } from '@tom/catalog';
import type { Case } from '@tom/contracts/tom/workflow/v1/case';
import type { BatchContext } from '@tom/messaging';
import { observe, shortName, type Codes } from '../adapters/observation-tables.ts';
import type { HandlerDeps } from './deps.ts';
import { runRules } from './run-rules.ts';
import { runTriggers } from './start-templates.ts';

/** What the own events that rules may name have in common. */
export interface CaseEventData {
  readonly case: Case;
}

/** What rules may read of a kind of event beside its case: codes and counts, no words. */
export type FieldsOf<T extends CaseEventData> = (data: T, actor: string) => Codes;

/** One handler for the own events that rules may name beside a claim. */
export async function onCaseChanged<T extends CaseEventData>(
  deps: HandlerDeps,
  { tx, now, items }: BatchContext<T>,
  fieldsOf: FieldsOf<T>,
): Promise<void> {
  const occasions = items.map(({ envelope, emit }) => {
    const { case: item } = envelope.data;
    const fields: Codes = { case_type: item.caseType, engine: item.engine, ...fieldsOf(envelope.data, envelope.actor) };
    const type = shortName(envelope.type) as EventTypeName;
    return { type, envelope, emit, orgId: item.orgId, caseId: item.caseId, fields };
  });
  const evaluations = [...(await runTriggers(deps, tx, now, occasions)), ...(await runRules(deps, tx, now, occasions))];
  const observations = occasions.map(({ envelope, caseId, fields }) => {
    const { released_by: _person, ...codes } = fields;
    return { envelope, caseId, codes: { ...caseCodes(envelope.data.case), ...codes } };
  });
  observe(tx, now, observations, evaluations);
}

function caseCodes(item: Case): Codes {
  return {
    case_type: item.caseType,
    engine: item.engine,
    phase: item.phase,
    status: item.status,
    outcome_code: item.outcomeCode,
    template: item.template,
    template_version: item.templateVersion,
  };
}

import type { EventTypeName } from '@tom/catalog';
import type { Case } from '@tom/contracts/tom/workflow/v1/case';
import type { BatchContext } from '@tom/messaging';
import { caseFields } from '@tom/workflow';
import { observe, shortName } from '../adapters/observation-tables.ts';
import type { HandlerDeps } from './deps.ts';
import { runRules } from './run-rules.ts';
import { runTriggers } from './start-templates.ts';

/** CaseOpened, CaseReleased, CaseStatusChanged and CaseClosed as far as rules read them. */
export interface CaseEventData {
  readonly case: Case;
  readonly previousOwner?: string | undefined;
  readonly previousStatus?: string | undefined;
}

/** One handler for the own events that rules may name beside a claim. */
export async function onCaseChanged(deps: HandlerDeps, { tx, now, items }: BatchContext<CaseEventData>): Promise<void> {
  const occasions = items.map(({ envelope, emit }) => {
    const { case: item } = envelope.data;
    const fields = caseFields(item, envelope.data, envelope.actor);
    const type = shortName(envelope.type) as EventTypeName;
    return { type, envelope, emit, orgId: item.orgId, caseId: item.caseId, fields };
  });
  const evaluations = [...(await runTriggers(deps, tx, now, occasions)), ...(await runRules(deps, tx, now, occasions))];
  const observations = items.map(({ envelope }) => ({
    envelope,
    caseId: envelope.data.case.caseId,
    codes: codesOf(envelope.data.case),
  }));
  observe(tx, now, observations, evaluations);
}

function codesOf(item: Case) {
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

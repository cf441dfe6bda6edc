import type { Catalog } from '@tom/catalog';
import type { CaseOutcome, CaseOutput, CasePhase, CaseView } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Database, Tx } from '@tom/postgres';
import type { Template } from '@tom/catalog';
import { type CaseItem, caseStatus, type Output, returnTarget, untouched } from '@tom/workflow';
import type { Deps } from '../deps.ts';
import { outputsAt } from '../domain/return-case.ts';
import { caseMessage } from './case-messages.ts';
import { workFactsOf } from './case-table.ts';
import { transferMessage } from './chain-view.ts';
import { grouped } from './grouped.ts';
import { knownOrgs } from './org-projection.ts';
import { outputsOfCases } from './requirement-table.ts';
import { chainsOf } from './transfer-tables.ts';

type ViewDeps = Pick<Deps, 'catalog' | 'templates' | 'clock'>;

/** The cases with all that a case page shows, in the order given. */
export async function caseViews(
  deps: ViewDeps,
  from: Pick<Database, 'query'> | Tx,
  items: readonly CaseItem[],
): Promise<CaseView[]> {
  if (items.length === 0) return [];
  const ids = items.map((item) => item.caseId);
  const orgs = await knownOrgs(from, [...new Set(items.map((item) => item.orgId))]);
  const outputs = grouped((await outputsOfCases(from, ids)).map((output) => [output.caseId, output]));
  const chains = await chainsOf(from, ids);
  const work = await workFactsOf(from, ids);
  const templateOf = await deps.templates.ofCases(from, items);
  const now = deps.clock.now();
  return items.map((item) => {
    const org = orgs.get(item.orgId);
    const own = outputs.get(item.caseId) ?? [];
    const chain = chains.get(item.caseId) ?? [];
    const target = item.closedAt ? undefined : returnTarget(chain);
    // The reason of the status as it is stored: what changes it is told first, by an event.
    const verdict = caseStatus(item, work.get(item.caseId) ?? untouched, now);
    return {
      case: caseMessage(item),
      org: { name: org?.name, city: org?.city, currentStage: org?.currentStage },
      phases: phasesOf(deps.catalog, item, own),
      statusReason: verdict.status === item.status ? verdict.reason : undefined,
      allowedOutcomes: item.closedAt ? [] : outcomesOf(deps.catalog, templateOf(item), org?.currentStage),
      chain: chain.map(transferMessage),
      returnTarget: target && { ...target, phase: target.phase, outputs: outputsAt(target, own).map(outputMessage) },
    };
  });
}

/** One case with all that a case page shows. */
export async function oneCaseView(
  deps: ViewDeps,
  from: Pick<Database, 'query'> | Tx,
  item: CaseItem,
): Promise<CaseView> {
  const [view] = await caseViews(deps, from, [item]);
  if (!view) throw new Error('A case has no view');
  return view;
}

/** The phases of the engine that leads, with what each has to bring and has brought. */
function phasesOf(catalog: Catalog, item: CaseItem, outputs: readonly Output[]): CasePhase[] {
  const known = catalog.engines.get(item.engine)?.phases ?? [];
  return known.map(({ phase, label }) => ({
    phase,
    label,
    outputs: outputs.filter((output) => output.engine === item.engine && output.phase === phase).map(outputMessage),
  }));
}

function outputMessage(output: Output): CaseOutput {
  return {
    requirementId: output.requirementId,
    key: output.key,
    type: output.outputType,
    description: { de: output.descriptionDe, en: output.descriptionEn },
    mandatory: output.mandatory,
    fulfilled: output.fulfilledAt && {
      value: output.fulfilledValue ?? '',
      by: output.fulfilledBy ?? '',
      at: output.fulfilledAt.toISOString(),
    },
  };
}

/** The outcomes that its template knows; without a template those that any case may end with. */
function outcomesOf(catalog: Catalog, template: Template | undefined, currentStage: string | undefined): CaseOutcome[] {
  const label = (code: string) => catalog.codes.outcomeCodes.get(code)?.label;
  if (!template) {
    const free = [...catalog.codes.outcomeCodes.values()].filter((outcome) => outcome.withoutTemplate);
    return free.map(({ code }) => ({ code, label: label(code), needsReason: false, stage: undefined }));
  }
  return template.completion.map(({ outcome, stage }) => {
    const row =
      currentStage === undefined || stage === undefined ? undefined : catalog.stages.find(currentStage, stage);
    return { code: outcome, label: label(outcome), needsReason: row?.needsReason ?? false, stage };
  });
}

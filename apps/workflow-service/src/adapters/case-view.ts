import type { Catalog } from '@tom/catalog';
import type { CaseOutcome, CasePhase, CaseView } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Database, Tx } from '@tom/postgres';
import type { Template } from '@tom/catalog';
import type { CaseItem } from '../domain/case.ts';
import { caseStatus, untouched } from '../domain/case-status.ts';
import type { Deps } from '../deps.ts';
import { caseMessage } from './case-messages.ts';
import { workFactsOf } from './case-table.ts';
import { grouped } from './grouped.ts';
import { knownOrgs } from './org-projection.ts';
import { requirementsOfCases, type StoredRequirement } from './requirement-table.ts';

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
  const requirements = grouped(
    (await requirementsOfCases(from, ids)).map((requirement) => [requirement.caseId, requirement]),
  );
  const work = await workFactsOf(from, ids);
  const templateOf = await deps.templates.ofCases(from, items);
  const now = deps.clock.now();
  return items.map((item) => {
    const org = orgs.get(item.orgId);
    // The reason of the status as it is stored: what changes it is told first, by an event.
    const verdict = caseStatus(item, work.get(item.caseId) ?? untouched, now);
    return {
      case: caseMessage(item),
      org: { name: org?.name, city: org?.city, currentStage: org?.currentStage },
      phases: phasesOf(deps.catalog, item, requirements.get(item.caseId) ?? []),
      statusReason: verdict.status === item.status ? verdict.reason : undefined,
      allowedOutcomes: item.closedAt ? [] : outcomesOf(deps.catalog, templateOf(item), org?.currentStage),
      chain: [],
      returnTarget: undefined,
    };
  });
}

function phasesOf(catalog: Catalog, item: CaseItem, requirements: readonly StoredRequirement[]): CasePhase[] {
  const known = catalog.engines.get(item.engine)?.phases ?? [];
  return known.map(({ phase, label }) => ({
    phase,
    label,
    outputs: requirements
      .filter((requirement) => requirement.engine === item.engine && requirement.phase === phase)
      .map((requirement) => ({
        requirementId: requirement.requirementId,
        key: requirement.key,
        type: requirement.outputType,
        description: { de: requirement.descriptionDe, en: requirement.descriptionEn },
        mandatory: requirement.mandatory,
        fulfilled: requirement.fulfilledAt && {
          value: requirement.fulfilledValue ?? '',
          by: requirement.fulfilledBy ?? '',
          at: requirement.fulfilledAt.toISOString(),
        },
      })),
  }));
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

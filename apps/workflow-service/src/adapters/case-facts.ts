import type { RuleResult } from '@tom/contracts/tom/types/v1/types';
import type { CaseFacts } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { UnmetRule } from '@tom/kernel';
import type { Database, Tx } from '@tom/postgres';
import { caseAtDoor } from '@tom/workflow';
import type { Deps } from '../deps.ts';
import { openCasesOfOrgs } from './case-table.ts';
import { grouped } from './grouped.ts';
import { missingOutputsOf } from './case-query.ts';
import { outputsOfCases } from './requirement-table.ts';

/** What guards ask about the open cases of companies, in the order of the ids. */
export async function caseFactsOf(
  { catalog, templates }: Pick<Deps, 'catalog' | 'templates'>,
  from: Database | Tx,
  orgIds: readonly string[],
): Promise<CaseFacts[]> {
  const cases = await openCasesOfOrgs(from, orgIds);
  const templateOf = await templates.ofCases(from, cases);
  const missing = await missingOutputsOf(
    from,
    cases.map((item) => item.caseId),
  );
  // Outputs are read only where an outcome needs any.
  const demanding = cases.filter((item) => templateOf(item)?.completion.some(({ requires }) => requires.length > 0));
  const read = demanding.length > 0 ? await outputsOfCases(from, demanding.map(({ caseId }) => caseId)) : [];
  const outputsOf = grouped(read.map((output) => [output.caseId, output]));
  const byOrg = grouped(cases.map((item) => [item.orgId, item]));
  return orgIds.map((orgId) => ({
    orgId,
    open: (byOrg.get(orgId) ?? []).map((item) => {
      const completion = templateOf(item)?.completion ?? [];
      const { outcomes, ...atDoor } = caseAtDoor(item, catalog.engines, completion, outputsOf.get(item.caseId) ?? []);
      return {
        ...atDoor,
        owner: item.owner,
        ownerQueue: item.ownerQueue,
        openedAt: item.openedAt.toISOString(),
        outcomes: outcomes.map((one) => ({ ...one, unmet: (one.unmet ?? []).map(ruleResult) })),
        missingOutputs: [...(missing.get(item.caseId) ?? [])],
      };
    }),
  }));
}

function ruleResult({ rule, met, message, value, hint, fix }: UnmetRule): RuleResult {
  return { rule, met, message, value, hint, fix: fix && { action: fix.action, params: { ...fix.params } } };
}

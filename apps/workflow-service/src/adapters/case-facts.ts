import type { CaseFacts } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Database, Tx } from '@tom/postgres';
import { caseAtDoor } from '@tom/workflow';
import type { Deps } from '../deps.ts';
import { openCasesOfOrgs } from './case-table.ts';
import { grouped } from './grouped.ts';
import { missingOutputsOf } from './case-query.ts';

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
  const byOrg = grouped(cases.map((item) => [item.orgId, item]));
  return orgIds.map((orgId) => ({
    orgId,
    open: (byOrg.get(orgId) ?? []).map((item) => {
      const { outcomes, ...atDoor } = caseAtDoor(item, catalog.engines, templateOf(item)?.completion ?? []);
      return {
        ...atDoor,
        owner: item.owner,
        ownerQueue: item.ownerQueue,
        openedAt: item.openedAt.toISOString(),
        outcomes: [...outcomes],
        missingOutputs: [...(missing.get(item.caseId) ?? [])],
      };
    }),
  }));
}

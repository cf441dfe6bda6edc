import type { CaseFacts } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Database, Tx } from '@tom/postgres';
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
    open: (byOrg.get(orgId) ?? []).map((item) => ({
      caseId: item.caseId,
      caseType: item.caseType,
      engine: item.engine,
      ownerQueue: item.ownerQueue,
      openedAt: item.openedAt.toISOString(),
      owner: item.owner,
      claimedByEngineRole: item.owner !== undefined && item.claimedRole === catalog.engines.get(item.engine)?.role,
      outcomes: (templateOf(item)?.completion ?? []).flatMap(({ outcome, stage }) =>
        stage === undefined ? [] : [{ outcome, stage }],
      ),
      missingOutputs: [...(missing.get(item.caseId) ?? [])],
    })),
  }));
}

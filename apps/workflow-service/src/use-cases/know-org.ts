import { DomainError, isDomainError, isUuid } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import { isErased, type OrgFacts } from '@tom/workflow';
import { caseById } from '../adapters/case-table.ts';
import { knownOrgs, orgFactsOf } from '../adapters/org-projection.ts';
import type { Deps } from '../deps.ts';

const unknown = () =>
  DomainError.invalid([{ path: 'orgId', message: 'there is no such company', expected: 'the id of a company' }]);

/** The company as its owner has it now. Asked before any transaction; a company that does not exist is a bad field. */
export async function askOrg({ stage }: Pick<Deps, 'stage'>, call: CallContext, orgId: string): Promise<OrgFacts> {
  if (!isUuid(orgId)) throw unknown();
  try {
    return orgFactsOf(await stage.getOrg({ orgId }, call));
  } catch (error) {
    if (isDomainError(error) && error.kind === 'not_found') throw unknown();
    throw error;
  }
}

/** The company as it is known here; its owner is asked about one that is not, and whether one was really erased. */
export async function knowOrg(
  deps: Pick<Deps, 'stage' | 'database'>,
  call: CallContext,
  orgId: string,
): Promise<OrgFacts> {
  if (!isUuid(orgId)) throw unknown();
  const known = (await knownOrgs(deps.database, [orgId])).get(orgId);
  return known === undefined || isErased(known) ? askOrg(deps, call, orgId) : known;
}

/** Whether the data of a case's company was erased; a case that does not exist is refused where it is looked for. */
export async function isOfErased(deps: Pick<Deps, 'stage' | 'database'>, call: CallContext, caseId: string): Promise<boolean> {
  const item = isUuid(caseId) ? await caseById(deps.database, caseId) : undefined;
  return item !== undefined && isErased(await knowOrg(deps, call, item.orgId));
}

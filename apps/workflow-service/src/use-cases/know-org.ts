import { DomainError, isDomainError, isUuid } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import { knownOrgs, orgFactsOf } from '../adapters/org-projection.ts';
import type { Deps } from '../deps.ts';
import type { OrgFacts } from '../domain/org.ts';

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

/** The company as it is known here; its owner is asked only about one that is not. */
export async function knowOrg(
  deps: Pick<Deps, 'stage' | 'database'>,
  call: CallContext,
  orgId: string,
): Promise<OrgFacts> {
  if (!isUuid(orgId)) throw unknown();
  return (await knownOrgs(deps.database, [orgId])).get(orgId) ?? askOrg(deps, call, orgId);
}

import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { type CaseItem, claim, roleOfClaim } from '@tom/workflow';
import type { Deps } from '../deps.ts';
import { changeCase } from './change-case.ts';

/** Makes the caller the owner. What rules make of it follows by the event. */
export async function claimCase(deps: Deps, tx: Tx, call: CallContext, caseId: string): Promise<CaseItem> {
  const { id, roles } = call.caller;
  return changeCase(deps, tx, call, {
    caseId,
    right: 'work_cases',
    rule: (item, now) => claim(item, { id, roles, role: roleOfClaim(deps.catalog, item.ownerRole, roles) }, now),
  });
}

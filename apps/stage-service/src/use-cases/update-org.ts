import { DomainError } from '@tom/kernel';
import type { Origin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { Org as OrgMessage } from '@tom/contracts/tom/stage/v1/org';
import { orgMessage, orgUpdated } from '../adapters/messages.ts';
import { claimExternalRef, lockOrg, updateOrg as writeOrg } from '../adapters/orgs.ts';
import type { Deps } from '../deps.ts';
import { changeOrg, wasErased, type Org, type OrgFields } from '../domain/org.ts';

export interface UpdateOrg {
  readonly orgId: string;
  readonly version: number;
  readonly change: Partial<OrgFields>;
  readonly by: string;
}

/** Changes master data of the version that the person saw; a change to what is there already writes nothing. */
export async function updateOrg(deps: Deps, tx: Tx, command: UpdateOrg, origin: Origin): Promise<Org> {
  const { change } = command;
  const org = await lockOrg(tx, command.orgId);
  if (org === undefined) throw DomainError.notFound('This company');
  if (org.version !== command.version) {
    throw new DomainError('STALE_VERSION', 'The company was changed meanwhile.', {
      current: OrgMessage.toJSON(orgMessage(org)),
      by: org.updatedBy,
      at: org.updatedAt.toISOString(),
    });
  }
  if (org.erasedAt !== null) throw wasErased();
  if (change.externalRef) await claimExternalRef(tx, change.externalRef, org.orgId);
  const { next, changed } = changeOrg(org, change, { id: command.by, now: deps.clock.now() });
  if (next === org) return org;
  await writeOrg(tx, next);
  await deps.outbox.append(tx, origin, [orgUpdated(next, changed)]);
  return next;
}

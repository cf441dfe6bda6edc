import type { OrgStatus } from '@tom/catalog';
import { newId } from '@tom/kernel';
import type { Origin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { firstStage } from '../adapters/first-stage.ts';
import { orgCreated, orgStageChanged } from '../adapters/messages.ts';
import { claimExternalRef, insertOrg } from '../adapters/orgs.ts';
import { insertStageChanges } from '../adapters/stage-history.ts';
import type { Deps } from '../deps.ts';
import { newOrg } from '../domain/new-org.ts';
import type { Org, OrgFields } from '../domain/org.ts';

export interface CreateOrg extends OrgFields {
  readonly name: string;
  readonly status: OrgStatus;
  readonly createdBy: string;
}

/** Creates a company in the stage that its status says. Revision 1 tells of it, revision 2 of its first stage. */
export async function createOrg(deps: Deps, tx: Tx, command: CreateOrg, origin: Origin): Promise<Org> {
  const { status, createdBy, ...fields } = command;
  const orgId = newId();
  if (fields.externalRef !== null) await claimExternalRef(tx, fields.externalRef, orgId);
  const { org, change } = newOrg({
    orgId,
    fields,
    stage: firstStage(deps.catalog.stages, status),
    createdBy,
    actor: origin.actor,
    stageEventId: newId(),
    now: deps.clock.now(),
  });
  await Promise.all([
    insertOrg(tx, org),
    insertStageChanges(tx, [change], deps.catalog.stages.initial('lead')),
    deps.outbox.append(tx, origin, [orgCreated({ ...org, revision: 1 }), orgStageChanged(org, change)]),
  ]);
  return org;
}

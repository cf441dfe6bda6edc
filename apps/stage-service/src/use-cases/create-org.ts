import type { OrgStatus } from '@tom/catalog';
import { newId } from '@tom/kernel';
import type { Origin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { orgCreated, orgStageChanged } from '../adapters/messages.ts';
import { claimExternalRef, insertOrg } from '../adapters/orgs.ts';
import { insertStageChanges } from '../adapters/stage-history.ts';
import type { Deps } from '../deps.ts';
import type { Org, OrgFields } from '../domain/org.ts';
import type { StageChange } from '../domain/stage.ts';

export interface CreateOrg extends OrgFields {
  readonly name: string;
  readonly status: OrgStatus;
  readonly createdBy: string;
}

/** Creates a company in the stage that its status says. Revision 1 tells of it, revision 2 of its first stage. */
export async function createOrg(deps: Deps, tx: Tx, command: CreateOrg, origin: Origin): Promise<Org> {
  const { status, createdBy, ...fields } = command;
  const { stages } = deps.catalog;
  const orgId = newId();
  if (fields.externalRef !== null) await claimExternalRef(tx, fields.externalRef, orgId);
  const now = deps.clock.now();
  const stage = stages.initial(status);
  const org: Org = {
    ...fields,
    orgId,
    status: stages.stages.get(stage)?.status ?? status,
    currentStage: stage,
    stageSince: now,
    wasCustomer: stage === 'CUSTOMER',
    version: 1,
    revision: 2,
    createdAt: now,
    createdBy,
    updatedAt: now,
    updatedBy: createdBy,
    erasedAt: null,
  };
  const change: StageChange = {
    eventId: newId(),
    orgId,
    revision: 2,
    fromStage: null,
    toStage: stage,
    reasonCode: 'ORG_CREATED',
    reasonNote: null,
    duplicateOfOrgId: null,
    at: now,
    actor: origin.actor,
    caseId: null,
    outcomeCode: null,
    facts: {},
    stagesVersion: stages.version,
    template: null,
    templateVersion: null,
    rule: null,
  };
  await Promise.all([
    insertOrg(tx, org),
    insertStageChanges(tx, [change]),
    deps.outbox.append(tx, origin, [orgCreated({ ...org, revision: 1 }), orgStageChanged(org, change)]),
  ]);
  return org;
}

import type { Org, OrgFields } from './org.ts';
import type { StageChange } from './stage.ts';

/**
 * A company as it begins, in the stage that its status led to, and its first change of stage. Revision 1 tells of the
 * company, revision 2 of the stage.
 */
export function newOrg(given: {
  readonly orgId: string;
  readonly fields: OrgFields & { readonly name: string };
  readonly stage: { readonly stage: string; readonly status: string; readonly stagesVersion: number };
  readonly createdBy: string;
  readonly actor: string;
  /** The id of OrgStageChanged. */
  readonly stageEventId: string;
  readonly now: Date;
}): { readonly org: Org; readonly change: StageChange } {
  const { orgId, fields, stage, createdBy, now } = given;
  const org: Org = {
    ...fields,
    orgId,
    status: stage.status,
    currentStage: stage.stage,
    stageSince: now,
    wasCustomer: stage.stage === 'CUSTOMER',
    version: 1,
    revision: 2,
    createdAt: now,
    createdBy,
    updatedAt: now,
    updatedBy: createdBy,
    erasedAt: null,
  };
  const change: StageChange = {
    eventId: given.stageEventId,
    orgId,
    revision: 2,
    fromStage: null,
    fromSince: null,
    toStage: stage.stage,
    reasonCode: 'ORG_CREATED',
    reasonNote: null,
    duplicateOfOrgId: null,
    at: now,
    actor: given.actor,
    caseId: null,
    outcomeCode: null,
    facts: {},
    stagesVersion: stage.stagesVersion,
    template: null,
    templateVersion: null,
    rule: null,
  };
  return { org, change };
}

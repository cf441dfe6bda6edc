import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { isDomainError } from '@tom/kernel';
import type { Database } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import type { Connect } from '@tom/service';
import { findKnownOrg, writeOrgs } from './org-table.ts';

/** Whether what a task names exists, as the owners of companies, contacts and cases say. Asked outside any transaction. */
export interface Owners {
  /** Undefined when there is none. What the projection lacks is asked for and remembered; erased is only what its owner says. */
  findOrg(orgId: string, call: CallContext): Promise<{ readonly erased: boolean } | undefined>;
  hasContact(orgId: string, contactId: string, call: CallContext): Promise<boolean>;
  hasCase(orgId: string, caseId: string, call: CallContext): Promise<boolean>;
}

export function createOwners(
  database: Database,
  connect: Connect,
  addresses: { readonly stageService: string; readonly workflowService: string },
): Owners {
  const stage = connect(StageServiceService, { address: addresses.stageService });
  const workflow = connect(WorkflowServiceService, { address: addresses.workflowService });
  return {
    async findOrg(orgId, call) {
      if ((await findKnownOrg(database, orgId))?.erased === false) return { erased: false };
      const org = await found(stage.getOrg({ orgId }, call));
      if (!org) return undefined;
      // Only an erased company has no name; its event tells that here.
      if (org.name === undefined) return { erased: true };
      await writeOrgs(database, [
        { orgId, revision: 0, name: org.name ?? null, city: org.address?.city ?? null, currentStage: org.currentStage },
      ]);
      return { erased: false };
    },
    async hasContact(orgId, contactId, call) {
      return (await found(stage.getContact({ contactId }, call)))?.orgId === orgId;
    },
    async hasCase(orgId, caseId, call) {
      return (await found(workflow.getCase({ caseId }, call)))?.case?.orgId === orgId;
    },
  };
}

/** The owner's answer, or undefined when it knows of no such thing. */
async function found<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isDomainError(error) && error.kind === 'not_found') return undefined;
    throw error;
  }
}

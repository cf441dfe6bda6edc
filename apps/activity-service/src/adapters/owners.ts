import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, isDomainError } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import type { Connect } from '@tom/service';
import type { OpenCase } from '../domain/choose-case.ts';

/** A case as its owner answers it. */
export interface OwnedCase extends OpenCase {
  readonly orgId: string;
  readonly open: boolean;
}

/** The services that own what the projections may lack. Each question goes out with the caller's own token. */
export interface Owners {
  /** Undefined when there is no such company. */
  findOrg(orgId: string, call: CallContext): Promise<{ readonly erased: boolean } | undefined>;
  /** The id of the company with this external reference; undefined: there is none. */
  findOrgByRef(externalRef: string, call: CallContext): Promise<string | undefined>;
  openCases(orgId: string, call: CallContext): Promise<readonly OpenCase[]>;
  findCase(caseId: string, call: CallContext): Promise<OwnedCase | undefined>;
  /** The company of a contact; undefined when there is no such contact. */
  orgOfContact(contactId: string, call: CallContext): Promise<string | undefined>;
  /** Resolves when the caller may complete this task of this company; else throws the refusal. */
  requireCompletable(taskId: string, orgId: string, call: CallContext): Promise<void>;
}

export interface OwnerAddresses {
  readonly stageService: string;
  readonly taskService: string;
  readonly workflowService: string;
}

/** Clients of the owners, each on one long-lived channel. */
export function createOwners(connect: Connect, addresses: OwnerAddresses): Owners {
  const stage = connect(StageServiceService, { address: addresses.stageService });
  const task = connect(TaskServiceService, { address: addresses.taskService });
  const workflow = connect(WorkflowServiceService, { address: addresses.workflowService });
  return {
    async findOrg(orgId, call) {
      const org = await unlessUnknown(stage.getOrg({ orgId }, call));
      // Only an erased company has no name.
      return org && { erased: org.name === undefined };
    },
    async findOrgByRef(externalRef, call) {
      const { orgs } = await stage.batchGetOrgs({ orgIds: [], externalRef }, call);
      return orgs.find((org) => org.externalRef === externalRef)?.orgId;
    },
    async openCases(orgId, call) {
      const { facts } = await workflow.getCaseFacts({ orgIds: [orgId] }, call);
      const open = facts.find((fact) => fact.orgId === orgId)?.open ?? [];
      return open.map(({ caseId, engine, ownerQueue }) => ({ caseId, engine, queue: ownerQueue }));
    },
    async findCase(caseId, call) {
      const found = (await unlessUnknown(workflow.getCase({ caseId }, call)))?.case;
      if (!found) return undefined;
      const { orgId, engine, ownerQueue, status } = found;
      return { caseId, orgId, engine, queue: ownerQueue, open: status !== 'CLOSED' };
    },
    async orgOfContact(contactId, call) {
      return (await unlessUnknown(stage.getContact({ contactId }, call)))?.orgId;
    },
    async requireCompletable(taskId, orgId, call) {
      try {
        await task.checkCompletable({ taskId, orgId }, call);
      } catch (error) {
        if (!isDomainError(error) || (error.kind !== 'not_found' && error.kind !== 'invalid')) throw error;
        throw DomainError.invalid([
          {
            path: 'completesTaskId',
            message: 'is not a task of this company',
            expected: 'the id of one of its open tasks',
          },
        ]);
      }
    },
  };
}

/** NOT_FOUND is the owner's answer to "is there such a thing?"; everything else remains a failure. */
async function unlessUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isDomainError(error) && error.kind === 'not_found') return undefined;
    throw error;
  }
}

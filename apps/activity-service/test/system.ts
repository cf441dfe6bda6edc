import { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, newId } from '@tom/kernel';
import { manualClock } from '@tom/kernel/testing';
import type { Envelope, MessageType } from '@tom/messaging';
import type { OutgoingCall } from '@tom/runtime';
import { other, startTestService } from '@tom/service/testing';
import { migrations } from '../migrations/index.ts';
import { startApp } from '../src/app.ts';

/** What the owners answer; a test replaces what it needs. Every call is noted by its method. */
export interface OwnerAnswers {
  orgs: Set<string>;
  /** Those of them that were erased. */
  erased: Set<string>;
  cases: Map<string, { orgId: string; engine: string; ownerQueue: string; status: string }>;
  contacts: Map<string, string>;
  /** Companies by external reference. */
  refs: Map<string, string>;
  completable: (taskId: string, orgId: string) => void;
  asked: string[];
  /** What was published here, as its owner would have kept it. */
  histories: Envelope[];
}

/** The other services, answering what the test gave them. */
function othersOf(answers: OwnerAnswers) {
  const casesOf = (orgId: string) =>
    [...answers.cases].filter(([, item]) => item.orgId === orgId && item.status !== 'CLOSED');
  const historyOf = (topic: string) => ({ orgId }: { orgId: string }) => ({
    envelopes: answers.histories
      .filter((envelope) => envelope.topic === topic && envelope.subject === orgId)
      .map((envelope) => JSON.stringify(envelope)),
  });
  return [
    other(StageServiceService, {
      listHistory: historyOf('tom.org.events.v1'),
      listOrgIds: ({ after }: { after?: string | undefined }) => ({
        orgIds: [...answers.orgs].sort().filter((orgId) => after === undefined || orgId > after),
      }),
      getOrg: ({ orgId }) => {
        if (!answers.orgs.has(orgId)) throw DomainError.notFound('The company');
        return {
          orgId,
          ...(answers.erased.has(orgId) ? {} : { name: 'Muster AG' }),
          orgKind: 'customer',
          status: 'lead',
          currentStage: 'QUALIFYING',
          version: 1,
          createdBy: 'x',
          updatedBy: 'x',
        };
      },
      batchGetOrgs: ({ externalRef = '' }) => {
        const orgId = answers.refs.get(externalRef);
        const rest = { orgKind: 'customer', status: 'lead', currentStage: 'QUALIFYING', version: 1, createdBy: 'x', updatedBy: 'x' };
        return { orgs: orgId === undefined ? [] : [{ orgId, externalRef, ...rest }] };
      },
      getContact: ({ contactId }) => {
        const orgId = answers.contacts.get(contactId);
        if (!orgId) throw DomainError.notFound('The contact');
        return { contactId, orgId, name: 'x', version: 1, createdBy: 'x', updatedBy: 'x' };
      },
    }),
    other(WorkflowServiceService, {
      listHistory: historyOf('tom.case.events.v1'),
      getCase: ({ caseId }) => {
        const found = answers.cases.get(caseId);
        if (!found) throw DomainError.notFound('The case');
        return {
          case: {
            caseId,
            number: '1',
            caseType: 'X',
            ownerRole: 'x',
            priority: 'NORMAL',
            title: 'x',
            openedBy: 'x',
            returnCount: 0,
            version: 1,
            ...found,
          },
          phases: [],
          allowedOutcomes: [],
          chain: [],
        };
      },
      getCaseFacts: ({ orgIds }) => ({
        facts: orgIds.map((orgId) => ({
          orgId,
          open: casesOf(orgId).map(([caseId, { engine, ownerQueue }]) => ({
            caseId,
            caseType: 'X',
            engine,
            ownerQueue,
            claimedByEngineRole: false,
            outcomes: [],
            missingOutputs: [],
          })),
        })),
      }),
    }),
    other(TaskServiceService, {
      listHistory: historyOf('tom.task.events.v1'),
      checkCompletable: ({ taskId, orgId }) => {
        answers.completable(taskId, orgId);
        return {};
      },
    }),
  ];
}

/**
 * The service in this process, on a Postgres of its own, with the event log and the owners around it. `reachedBy` may put
 * something between the service and its databases (activity_db first, then the log).
 */
export async function startSystem(reachedBy?: (url: string) => Promise<string>) {
  const clock = manualClock(new Date());
  const answers: OwnerAnswers = {
    orgs: new Set(),
    erased: new Set(),
    cases: new Map(),
    contacts: new Map(),
    refs: new Map(),
    completable: () => undefined,
    asked: [],
    histories: [],
  };
  const service = await startTestService({
    name: 'activity-service',
    definition: ActivityServiceService,
    migrations,
    publishes: ['tom.activity.events.v1'],
    clock,
    others: othersOf(answers),
    onCall: (method) => void answers.asked.push(method),
    ...(reachedBy ? { reachedBy } : {}),
    own: ({ others, identity }) => ({
      stageService: others,
      taskService: others,
      workflowService: others,
      serviceKeyFile: identity.serviceKeyFile('activity-service'),
      waitingReportDays: 14,
    }),
    start: startApp,
  });
  const { call } = service;

  /** What this service told the world of a company: waits for as many events, and looks once more for too many. */
  async function told(orgId: string, expected: number): Promise<Envelope[]> {
    const end = performance.now() + 5_000;
    for (;;) {
      const found = await service.told(({ subject }) => subject === orgId);
      if (found.length >= expected || performance.now() > end) return found;
    }
  }

  /** Publishes what an owner tells, and keeps it as the owner would. */
  async function publish<T>(type: MessageType<T>, orgId: string, data: T, meta: Partial<Envelope> = {}) {
    const envelope = await service.publish(type, orgId, data, meta);
    answers.histories.push({ ...envelope, data: type.encode(data) });
    return envelope;
  }

  return {
    ...service,
    publish,
    clock,
    answers,
    told,
    ida: (extra?: Partial<OutgoingCall>) => call('ida', ['inside_sales'], extra),
    otto: (extra?: Partial<OutgoingCall>) => call('otto', ['outside_sales'], extra),
    mia: (extra?: Partial<OutgoingCall>) => call('mia', ['manager'], extra),
    /** A company that its owner knows, and an open case of it if wanted. */
    org(): string {
      const orgId = newId();
      answers.orgs.add(orgId);
      return orgId;
    },
    openCase(orgId: string, engine = 'inside_sales', ownerQueue = 'INSIDE_SALES'): string {
      const caseId = newId();
      answers.cases.set(caseId, { orgId, engine, ownerQueue, status: 'NEW' });
      return caseId;
    },
  };
}

export type System = Awaited<ReturnType<typeof startSystem>>;

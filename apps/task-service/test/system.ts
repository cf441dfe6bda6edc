import type { ActivityLogged } from '@tom/contracts/messages';
import * as messages from '@tom/contracts/messages';
import type { Activity } from '@tom/contracts/tom/activity/v1/activity';
import type { Org } from '@tom/contracts/tom/stage/v1/org';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import type { CreateTaskRequest, TaskView } from '@tom/contracts/tom/task/v1/task_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, newId } from '@tom/kernel';
import { manualClock } from '@tom/kernel/testing';
import type { Envelope, MessageType } from '@tom/messaging';
import type { OutgoingCall } from '@tom/runtime';
import { other, startTestService } from '@tom/service/testing';
import { migrations } from '../migrations/index.ts';
import { startApp } from '../src/app.ts';

/** Tuesday noon in Berlin: the week has days before and after it. */
export const NOON = '2026-03-10T11:00:00.000Z';

/** What the other services know; a test adds what it needs. */
interface Elsewhere {
  readonly orgs: Set<string>;
  /** Those of them that were erased. */
  readonly erased: Set<string>;
  readonly contacts: Map<string, string>;
  readonly cases: Map<string, string>;
}

/** The other services, answering what the test put among what they know. */
function othersOf(elsewhere: Elsewhere) {
  return [
    other(StageServiceService, {
      getOrg: ({ orgId }) => {
        if (!elsewhere.orgs.has(orgId)) throw DomainError.notFound('The company');
        return orgOf(orgId, elsewhere.erased.has(orgId) ? { name: undefined } : { name: 'Asked GmbH', address: { city: 'Ulm' } });
      },
      getContact: ({ contactId }) => {
        const orgId = elsewhere.contacts.get(contactId);
        if (!orgId) throw DomainError.notFound('The contact');
        return { contactId, orgId, name: 'x', version: 1, createdBy: 'x', updatedBy: 'x' };
      },
    }),
    other(WorkflowServiceService, {
      getCase: ({ caseId }) => {
        const orgId = elsewhere.cases.get(caseId);
        if (!orgId) throw DomainError.notFound('The case');
        const fixed = { number: '1', caseType: 'X', engine: 'ops', status: 'NEW', ownerRole: 'ops', ownerQueue: 'SALES_OPS', priority: 'NORMAL', title: 'x', openedBy: 'x', returnCount: 0, version: 1 };
        return { case: { caseId, orgId, ...fixed }, phases: [], allowedOutcomes: [], chain: [] };
      },
    }),
  ];
}

export function orgOf(orgId: string, given: Partial<Org> = {}): Org {
  return {
    orgId, name: 'Muster AG', orgKind: 'customer', status: 'lead', currentStage: 'QUALIFYING', stageSince: NOON,
    version: 1, createdAt: NOON, createdBy: 'ida', updatedAt: NOON, updatedBy: 'ida', ...given,
  };
}

/** The service in this process on a Postgres of its own, with the event log and the owners around it. */
export async function startSystem() {
  const clock = manualClock(NOON);
  const elsewhere: Elsewhere = { orgs: new Set(), erased: new Set(), contacts: new Map(), cases: new Map() };
  const service = await startTestService({
    name: 'task-service',
    definition: TaskServiceService,
    migrations,
    publishes: ['tom.task.events.v1'],
    clock,
    maxConnections: 24,
    others: othersOf(elsewhere),
    own: ({ others }) => ({ stageService: others, workflowService: others }),
    start: startApp,
  });
  const { call, client } = service;
  type Extra = Partial<OutgoingCall>;
  const ida = (extra?: Extra) => call('ida', ['inside_sales'], extra);

  /** A company that its owner knows. */
  function org(): string {
    const orgId = newId();
    elsewhere.orgs.add(orgId);
    return orgId;
  }

  async function task(given: Partial<CreateTaskRequest> = {}, caller: OutgoingCall = ida()): Promise<NonNullable<TaskView['task']>> {
    const request = { orgId: given.orgId ?? org(), taskType: 'GENERAL', title: 'Something', assignedQueue: 'INSIDE_SALES', ...given };
    const view = await client.createTask(request, caller);
    if (!view.task) throw new Error('no task was answered');
    return view.task;
  }

  return {
    ...service,
    clock,
    elsewhere,
    org,
    task,
    /** What this service told the world so far, of one company. */
    told: (orgId: string) =>
      service.told<{ task: { taskId: string; status: string } }>(({ subject }) => subject === orgId),
    ida,
    ingo: (extra?: Extra) => call('ingo', ['inside_sales'], extra),
    olga: (extra?: Extra) => call('olga', ['ops'], extra),
    mia: (extra?: Extra) => call('mia', ['manager'], extra),
    service: () => service.callOf('stage-service'),
    tasksOf: async (orgId: string) => {
      const { items } = await client.listTasks({ orgId, statuses: [], taskTypes: [], pageSize: 200 }, ida());
      return items.map((item) => item.task).filter((item) => item !== undefined);
    },
  };
}

export type System = Awaited<ReturnType<typeof startSystem>>;

/** An activity as activity-service tells it. */
export function activityOf(orgId: string, given: Partial<Activity> = {}): Activity {
  return {
    activityId: newId(), orgId, activityType: 'CALL', occurredAt: NOON, version: 1, createdAt: NOON, createdBy: 'ida',
    updatedAt: NOON, updatedBy: 'ida', followUpRevision: given.followUpAt ? 1 : 0, ...given,
  };
}

/** The event that tells an activity at a revision of it. */
export function activityEvent(activity: Activity, revision: number): {
  type: MessageType<ActivityLogged>;
  envelope: Envelope<ActivityLogged>;
} {
  const type = (revision === 1 ? messages.ActivityLogged : messages.ActivityUpdated) as MessageType<ActivityLogged>;
  const data = (revision === 1 ? { activity } : { activity, changedFields: [] }) as unknown as ActivityLogged;
  const { orgId, activityId } = activity;
  return {
    type,
    envelope: {
      id: newId(), type: type.typeName, source: '/tom/activity-service', time: NOON, subject: orgId, key: orgId, topic: type.topic,
      correlationId: newId(), depth: 0, aggregateId: activityId, revision, actor: 'user:ida', data,
    },
  };
}

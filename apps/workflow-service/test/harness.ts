import {
  StageServiceService,
  type TransitionRequest,
  type TransitionResponse,
} from '@tom/contracts/tom/stage/v1/stage_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import type { RehearsedMessage } from '@tom/contracts/tom/types/v1/types';
import type { Org } from '@tom/contracts/tom/stage/v1/org';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { OrgStageChanged, TaskCreated } from '@tom/contracts/messages';
import { DomainError, newId, systemClock, type Clock } from '@tom/kernel';
import type { Envelope, MessageType } from '@tom/messaging';
import { messageOf } from '@tom/messaging/testing';
import { sql } from '@tom/postgres';
import type { CallContext, OutgoingCall } from '@tom/runtime';
import { eventually, other, startTestService, type TestService } from '@tom/service/testing';
import { migrations } from '../migrations/index.ts';
import { startApp } from '../src/app.ts';

/** stage-service as this one meets it on the wire: answers that each test sets. */
export interface StageDouble {
  readonly orgs: Map<string, Org>;
  readonly asked: { request: TransitionRequest; call: CallContext }[];
  /** What a rehearsal of the door tells. */
  onRehearsal: () => { messages: RehearsedMessage[] };
  onTransition: (request: TransitionRequest, call: CallContext) => Promise<TransitionResponse>;
}

export interface Person {
  (idempotencyKey?: string, route?: string): OutgoingCall;
}

type Service = TestService<typeof WorkflowServiceService, { readonly stageService: string; readonly activityService: string; readonly taskService: string }>;

/** The service's own way to run: once more beside the one that is there, or anew after that was stopped. */
type Start = () => ReturnType<typeof startApp>;

export interface Harness extends Pick<Service, 'app' | 'database' | 'client' | 'rows' | 'settled' | 'stop'> {
  readonly stage: StageDouble;
  /** Another instance on the same database and log; whoever starts it stops it. */
  readonly another: Start;
  person(id: string, ...roles: string[]): Person;
  /** Publishes what another service would have told; answers its envelope. */
  tell<T>(type: MessageType<T>, message: Told<T>): Promise<Envelope<T>>;
  /** What another service would tell, without telling it. */
  message<T>(type: MessageType<T>, message: Told<T>): RehearsedMessage;
  /** The same message once more. */
  again(envelope: Envelope<unknown>): Promise<void>;
  /** Until this service has handled the message. */
  handled(...envelopes: readonly Envelope<unknown>[]): Promise<void>;
  /** What this service published with this correlation, in order of its topics. */
  published(correlationId: string): Promise<readonly Envelope<Record<string, unknown>>[]>;
}

export interface Told<T> {
  readonly orgId: string;
  readonly aggregateId?: string;
  readonly revision: number;
  readonly data: T;
  readonly id?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly depth?: number;
  readonly actor?: string;
  readonly time?: string;
}

export async function startHarness(options: { configDir?: string; clock?: Clock } = {}): Promise<Harness> {
  const stage: StageDouble = {
    orgs: new Map(),
    asked: [],
    onRehearsal: () => ({ messages: [] }),
    onTransition: async () => {
      throw new DomainError('UNAVAILABLE', 'No answer was set.');
    },
  };
  const service = await startTestService({
    name: 'workflow-service',
    definition: WorkflowServiceService,
    migrations,
    publishes: ['tom.case.events.v1', 'tom.task.commands.v1', 'tom.org.commands.v1'],
    clock: systemClock,
    ...options,
    others: [
      other(StageServiceService, {
        getOrg: ({ orgId }) => {
          const org = stage.orgs.get(orgId);
          if (!org) throw DomainError.notFound('The company');
          return org;
        },
        rehearseTransition: () => stage.onRehearsal(),
        rehearseStage: () => {
          throw new DomainError('UNAVAILABLE', 'Away.');
        },
        transition: async (request, call) => {
          stage.asked.push({ request, call });
          return stage.onTransition(request, call);
        },
      }),
      other(TaskServiceService, {
        rehearse: () => {
          throw new DomainError('UNAVAILABLE', 'Away.');
        },
      }),
    ],
    own: ({ others }) => ({ stageService: others, activityService: others, taskService: others }),
    start: startApp,
  });
  const { app, config, database, client, rows, settled, identity, stop } = service;
  const repeat = new WeakMap<object, () => Promise<void>>();

  return {
    app,
    database,
    client,
    rows,
    settled,
    stop,
    stage,
    another: () => startApp(config, { clock: systemClock }),
    person: (id, ...roles) => {
      const token = identity.userToken(id, roles);
      return (key, route) => ({
        correlationId: newId(),
        token,
        ...(key === undefined ? {} : { idempotency: { key, route: route ?? 'POST /test' } }),
      });
    },
    tell: async (type, { orgId, data, ...meta }) => {
      const envelope = await service.publish(type, orgId, data, { actor: 'user:ida', ...meta });
      repeat.set(envelope, () => service.republish(type, envelope));
      return envelope;
    },
    message: (type, { orgId, data, ...envelope }) => {
      const { headers, ...message } = messageOf(type, data, { subject: orgId, key: orgId, actor: 'user:ida', aggregateId: orgId, ...envelope });
      return { ...message, headers: { ...headers } };
    },
    again: async (envelope) => {
      const publish = repeat.get(envelope);
      if (!publish) throw new Error('This message was not told by the test');
      await publish();
    },
    handled: async (...envelopes) => {
      const ids = envelopes.map((envelope) => envelope.id);
      const statement = sql('test.handled', 'select count(*) as count from inbox where message_id = any($1)');
      const dead = sql('test.dead', 'select error from dead_letter limit 1');
      await eventually(async () => {
        const [buried] = await database.query<{ error: string }>(dead);
        if (buried) throw new Error(`A message was buried: ${buried.error}`);
        const [row] = await database.query<{ count: number }>(statement, [ids]);
        if (row?.count !== ids.length) throw new Error(`${row?.count ?? 0} of ${ids.length} messages are handled`);
      });
    },
    published: (correlationId) => service.told((envelope) => envelope.correlationId === correlationId),
  };
}

/** A company as stage-service tells it. */
export function orgOf(orgId: string, currentStage: string, given: Partial<Org> = {}): Org {
  const now = new Date().toISOString();
  return {
    orgId,
    name: 'Muster GmbH',
    orgKind: 'customer',
    status: 'lead',
    currentStage,
    stageSince: now,
    externalRef: undefined,
    website: undefined,
    phone: undefined,
    address: undefined,
    industry: undefined,
    accountOwner: undefined,
    version: 1,
    createdAt: now,
    createdBy: 'ida',
    updatedAt: now,
    updatedBy: 'ida',
    ...given,
  };
}

export function stageChange(
  org: Org,
  fromStage: string | undefined,
  given: Partial<OrgStageChanged> = {},
): OrgStageChanged {
  return {
    orgId: org.orgId,
    fromStage,
    toStage: org.currentStage,
    reasonCode: undefined,
    reasonNote: undefined,
    duplicateOfOrgId: undefined,
    caseId: undefined,
    outcomeCode: undefined,
    outcomeNote: undefined,
    changedAt: org.stageSince ?? new Date().toISOString(),
    stagesVersion: 1,
    activityId: undefined,
    fromStageSince: undefined,
    ...given,
    org,
  };
}

export function task(orgId: string, given: Partial<TaskCreated['task']> = {}): TaskCreated {
  return {
    task: {
      taskId: newId(),
      orgId,
      caseId: undefined,
      contactId: undefined,
      taskType: 'GENERAL',
      title: 'Aufgabe',
      description: undefined,
      assignedQueue: 'INSIDE_SALES',
      assigneeRole: 'inside_sales',
      assignee: undefined,
      priority: 'NORMAL',
      dueAt: undefined,
      dueIsEndOfDay: false,
      status: 'OPEN',
      waitingFor: undefined,
      origin: 'PERSON',
      source: undefined,
      result: undefined,
      version: 1,
      createdAt: new Date().toISOString(),
      createdBy: 'ida',
      closedAt: undefined,
      ...given,
    },
  };
}

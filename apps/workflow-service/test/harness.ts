import { fileURLToPath } from 'node:url';
import {
  StageServiceService,
  type TransitionRequest,
  type TransitionResponse,
} from '@tom/contracts/tom/stage/v1/stage_service';
import type { Org } from '@tom/contracts/tom/stage/v1/org';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { OrgStageChanged, TaskCreated } from '@tom/contracts/messages';
import { contentHash, DomainError, newId, systemClock } from '@tom/kernel';
import {
  createBroker,
  formatHeaders,
  migrateEventLog,
  type Broker,
  type Envelope,
  type MessageType,
  parseHeaders,
  type Reader,
} from '@tom/messaging';
import { sql, type Database } from '@tom/postgres';
import { createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import {
  createClient,
  createLogger,
  createMetrics,
  createTokenVerifier,
  implement,
  serveGrpc,
  type CallContext,
  type Client,
  type Handlers,
  type OutgoingCall,
} from '@tom/runtime';
import { makeTestIdentity } from '@tom/runtime/testing';
import { migrations } from '../migrations/index.ts';
import { startApp, type WorkflowApp } from '../src/app.ts';

export const configDir = fileURLToPath(new URL('../../../config', import.meta.url));

/** stage-service as this one meets it on the wire: answers that each test sets. */
export interface StageDouble {
  readonly orgs: Map<string, Org>;
  readonly asked: { request: TransitionRequest; call: CallContext }[];
  onTransition: (request: TransitionRequest, call: CallContext) => Promise<TransitionResponse>;
}

export interface Person {
  (idempotencyKey?: string, route?: string): OutgoingCall;
}

export interface Harness {
  readonly app: WorkflowApp;
  readonly database: Database;
  readonly client: Client<typeof WorkflowServiceService>;
  readonly stage: StageDouble;
  person(id: string, ...roles: string[]): Person;
  /** Publishes what another service would have told; answers its envelope. */
  tell<T>(type: MessageType<T>, message: Told<T>): Promise<Envelope<T>>;
  /** The same message once more. */
  again(envelope: Envelope<unknown>): Promise<void>;
  /** Until this service has handled the message. */
  handled(...envelopes: readonly Envelope<unknown>[]): Promise<void>;
  /** What this service published with this correlation, in order of its topics. */
  published(correlationId: string): Promise<readonly Envelope<Record<string, unknown>>[]>;
  rows<T = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<T[]>;
  stop(): Promise<void>;
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
}

export async function startHarness(options: { configDir?: string } = {}): Promise<Harness> {
  const identity = makeTestIdentity();
  const databases: TestDatabase[] = [
    await createTestDatabase({ migrations }),
    await createTestDatabase({ migrations: {} }),
  ];
  const [own, log] = databases as [TestDatabase, TestDatabase];
  await migrateEventLog(log.url);
  const logger = createLogger({ service: 'test', level: process.env['TEST_LOG'] ?? 'silent' });
  const stage: StageDouble = {
    orgs: new Map(),
    asked: [],
    onTransition: async () => {
      throw new DomainError('UNAVAILABLE', 'No answer was set.');
    },
  };
  const stageServer = await serveGrpc({
    address: '127.0.0.1:0',
    services: [implement(StageServiceService, stageHandlers(stage))],
    verifier: createTokenVerifier({ clock: systemClock, trustedKeysFile: identity.trustedKeysFile }),
    logger,
    metrics: createMetrics('stage-double'),
  });
  const starting = startApp(
    {
      databaseUrl: own.url,
      eventLogUrl: log.url,
      grpcAddress: '127.0.0.1:0',
      opsAddress: '127.0.0.1:0',
      stageService: stageServer.address,
      configDir: options.configDir ?? configDir,
      trustedKeysFile: identity.trustedKeysFile,
      oidcIssuer: undefined,
      oidcAudience: undefined,
      oidcRolesClaim: 'roles',
      oidcUserClaim: 'preferred_username',
      parkedKeys: 1_000,
      parkedMessages: 10_000,
      logLevel: 'silent',
    },
    { logger },
  );
  const release = async (): Promise<void> => {
    await stageServer.stop();
    for (const database of databases) await database.drop();
    identity.cleanup();
  };
  const app = await starting.catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const client = createClient(WorkflowServiceService, { address: app.grpcAddress });
  const broker: Broker = createBroker({ kind: 'postgres', connectionString: log.url, clock: systemClock, logger });
  const topics = ['tom.case.events.v1', 'tom.task.commands.v1', 'tom.org.commands.v1'];
  const reader: Reader = await broker.reader({ topics, from: 'start' });
  const seen: Envelope<Record<string, unknown>>[] = [];
  const encoded = new WeakMap<object, unknown>();

  async function publish(envelope: Envelope<unknown>, value: unknown): Promise<void> {
    const { topic, key } = envelope;
    await broker.publish([{ topic, key, headers: formatHeaders(envelope), value: JSON.stringify(value) }]);
  }

  return {
    app,
    client,
    stage,
    database: own.database,
    person: (id, ...roles) => {
      const token = identity.userToken(id, roles);
      return (key, route) => ({
        correlationId: newId(),
        token,
        ...(key === undefined ? {} : { idempotency: { key, route: route ?? 'POST /test' } }),
      });
    },
    tell: async (type, message) => {
      const { orgId, revision, data } = message;
      const envelope = {
        id: message.id ?? newId(),
        type: type.typeName,
        source: '/tom/test',
        time: new Date().toISOString(),
        subject: orgId,
        key: orgId,
        topic: type.topic,
        correlationId: message.correlationId ?? newId(),
        ...(message.causationId === undefined ? {} : { causationId: message.causationId }),
        depth: message.depth ?? 0,
        aggregateId: message.aggregateId ?? orgId,
        revision,
        actor: message.actor ?? 'user:ida',
        data,
      };
      encoded.set(envelope, type.encode(data));
      await publish(envelope, encoded.get(envelope));
      return envelope;
    },
    again: async (envelope) => {
      await publish(envelope, encoded.get(envelope));
    },
    handled: async (...envelopes) => {
      const ids = envelopes.map((envelope) => envelope.id);
      const statement = sql('test.handled', 'select count(*) as count from inbox where message_id = any($1)');
      const dead = sql('test.dead', 'select error from dead_letter limit 1');
      await eventually(async () => {
        const [buried] = await own.database.query<{ error: string }>(dead);
        if (buried) throw new Error(`A message was buried: ${buried.error}`);
        const [row] = await own.database.query<{ count: number }>(statement, [ids]);
        return row?.count === ids.length;
      });
    },
    published: async (correlationId) => {
      const waiting = sql('test.outbox', 'select count(*) as count from outbox');
      await eventually(async () => (await own.database.query<{ count: number }>(waiting))[0]?.count === 0);
      for (;;) {
        const batch = await reader.next({ waitMs: 20 });
        if (batch.length === 0) break;
        seen.push(
          ...batch.map((message) => ({
            ...parseHeaders(message),
            data: JSON.parse(message.value) as Record<string, unknown>,
          })),
        );
      }
      const mine = seen.filter(
        ({ correlationId: id, source }) => id === correlationId && source === '/tom/workflow-service',
      );
      return mine.sort((a, b) => topics.indexOf(a.topic) - topics.indexOf(b.topic));
    },
    rows: async (text, ...values) => own.database.query(sql(`test.${contentHash(text).slice(0, 24)}`, text), values),
    stop: async () => {
      client.close();
      await reader.close();
      await app.stop();
      await broker.close();
      await release();
    },
  };
}

function stageHandlers(stage: StageDouble): Handlers<typeof StageServiceService> {
  const given: Partial<Handlers<typeof StageServiceService>> = {
    getOrg: async ({ orgId }) => {
      const org = stage.orgs.get(orgId);
      if (!org) throw DomainError.notFound('The company');
      return org;
    },
    transition: async (request, call) => {
      stage.asked.push({ request, call });
      return stage.onTransition(request, call);
    },
  };
  const refuse = async (): Promise<never> => {
    throw new DomainError('UNAVAILABLE', 'Not part of this double.');
  };
  const names = Object.keys(StageServiceService);
  return { ...Object.fromEntries(names.map((name) => [name, refuse])), ...given } as Handlers<
    typeof StageServiceService
  >;
}

/** Tries until it is true; fails after ten seconds. */
export async function eventually(check: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await check())) {
    if (performance.now() > end) throw new Error('It did not happen within ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
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

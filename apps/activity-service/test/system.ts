import { fileURLToPath } from 'node:url';
import { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, newId } from '@tom/kernel';
import { manualClock } from '@tom/kernel/testing';
import {
  createBroker,
  formatHeaders,
  migrateEventLog,
  parseHeaders,
  type Envelope,
  type MessageType,
} from '@tom/messaging';
import { createTestDatabase } from '@tom/postgres/testing';
import {
  createClient,
  createLogger,
  createMetrics,
  createTokenVerifier,
  implement,
  serveGrpc,
  type OutgoingCall,
  type RpcDefinition,
} from '@tom/runtime';
import { makeTestIdentity } from '@tom/runtime/testing';
import { migrations } from '../migrations/index.ts';
import { startApp } from '../src/app.ts';

type Answer = (request: never) => unknown;

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
}

/** The other services at the wire: a real gRPC server with canned answers. */
async function serveOwners(verifier: Parameters<typeof serveGrpc>[0]['verifier'], answers: OwnerAnswers) {
  const serve = (definition: RpcDefinition, given: Record<string, Answer>) =>
    implement(
      definition,
      Object.fromEntries(
        Object.keys(definition).map((name) => [name, async (request: never) => {
          answers.asked.push(name);
          const answer = given[name];
          if (!answer) throw new Error(`${name} is not expected`);
          return answer(request);
        }]),
      ) as never,
    );
  const casesOf = (orgId: string) =>
    [...answers.cases].filter(([, item]) => item.orgId === orgId && item.status !== 'CLOSED');
  const logger = createLogger({ service: 'owners', level: 'silent' });
  return serveGrpc({
    address: '127.0.0.1:0',
    verifier,
    logger,
    metrics: createMetrics('owners'),
    services: [
      serve(StageServiceService, {
        getOrg: ({ orgId }: { orgId: string }) => {
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
        batchGetOrgs: ({ externalRef = '' }: { externalRef?: string }) => {
          const orgId = answers.refs.get(externalRef);
          const rest = { orgKind: 'customer', status: 'lead', currentStage: 'QUALIFYING', version: 1, createdBy: 'x', updatedBy: 'x' };
          return { orgs: orgId === undefined ? [] : [{ orgId, externalRef, ...rest }] };
        },
        getContact: ({ contactId }: { contactId: string }) => {
          const orgId = answers.contacts.get(contactId);
          if (!orgId) throw DomainError.notFound('The contact');
          return { contactId, orgId, name: 'x', version: 1, createdBy: 'x', updatedBy: 'x' };
        },
      }),
      serve(WorkflowServiceService, {
        getCase: ({ caseId }: { caseId: string }) => {
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
        getCaseFacts: ({ orgIds }: { orgIds: string[] }) => ({
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
      serve(TaskServiceService, {
        checkCompletable: ({ taskId, orgId }: { taskId: string; orgId: string }) => {
          answers.completable(taskId, orgId);
          return {};
        },
      }),
    ],
  });
}

/**
 * The service in this process, on a Postgres of its own, with the event log and the owners around it. `reachedBy` may put
 * something between the service and its databases (activity_db first, then the log).
 */
export async function startSystem(reachedBy: (url: string) => Promise<string> = async (url) => url) {
  const clock = manualClock(new Date());
  const identity = makeTestIdentity({ clock });
  const [activityDb, logDb] = [await createTestDatabase({ migrations }), await createTestDatabase({ migrations: {} })];
  await migrateEventLog(logDb.url);
  const logger = createLogger({ service: 'test', level: process.env['TEST_LOG'] === 'on' ? 'info' : 'silent' });
  const serviceKeyFile = identity.serviceKeyFile('activity-service');
  const verifier = createTokenVerifier({ clock, trustedKeysFile: identity.trustedKeysFile });
  const answers: OwnerAnswers = {
    orgs: new Set(),
    erased: new Set(),
    cases: new Map(),
    contacts: new Map(),
    refs: new Map(),
    completable: () => undefined,
    asked: [],
  };
  const owners = await serveOwners(verifier, answers);
  const config = {
    databaseUrl: await reachedBy(activityDb.url),
    eventLogUrl: await reachedBy(logDb.url),
    grpcAddress: '127.0.0.1:0',
    opsAddress: '127.0.0.1:0',
    stageService: owners.address,
    taskService: owners.address,
    workflowService: owners.address,
    configDir: fileURLToPath(new URL('../../../config', import.meta.url)),
    serviceKeyFile,
    waitingReportDays: 14,
    trustedKeysFile: identity.trustedKeysFile,
    oidcIssuer: undefined,
    oidcAudience: undefined,
    oidcRolesClaim: 'roles',
    oidcUserClaim: 'preferred_username',
    logLevel: 'silent',
  } as const;
  const app = await startApp(config, { clock, logger });
  const broker = createBroker({ kind: 'postgres', connectionString: logDb.url, clock, logger });
  const client = createClient(ActivityServiceService, { address: app.grpcAddress });

  const call = (user: string, roles: readonly string[], extra: Partial<OutgoingCall> = {}): OutgoingCall => ({
    correlationId: newId(),
    token: identity.userToken(user, roles),
    ...extra,
  });

  /** Publishes an event as its owner would; answers its envelope. */
  async function publish<T>(
    type: MessageType<T>,
    orgId: string,
    data: T,
    meta: Partial<Envelope> = {},
  ): Promise<Envelope<T>> {
    const envelope: Envelope<T> = {
      id: newId(),
      type: type.typeName,
      source: '/tom/elsewhere',
      time: clock.now().toISOString(),
      subject: orgId,
      key: orgId,
      topic: type.topic,
      correlationId: newId(),
      depth: 0,
      aggregateId: orgId,
      revision: 1,
      actor: 'user:olga',
      ...meta,
      data,
    };
    await republish(type, envelope);
    return envelope;
  }

  async function republish<T>(type: MessageType<T>, envelope: Envelope<T>): Promise<void> {
    const { topic, key, data } = envelope;
    await broker.publish([{ topic, key, headers: formatHeaders(envelope), value: JSON.stringify(type.encode(data)) }]);
  }

  /** What this service told the world of a company: waits for as many events, and looks once more for too many. */
  async function told(orgId: string, expected: number): Promise<Envelope[]> {
    const reader = await broker.reader({ topics: ['tom.activity.events.v1'], from: 'start' });
    const found: Envelope[] = [];
    const end = performance.now() + 5_000;
    for (;;) {
      const messages = await reader.next({ waitMs: 100 });
      if (messages.length === 0 && (found.length >= expected || performance.now() > end)) break;
      const envelopes = messages.map((message) => ({
        ...parseHeaders(message),
        data: JSON.parse(message.value) as unknown,
      }));
      found.push(...envelopes.filter((envelope) => envelope.subject === orgId));
    }
    await reader.close();
    return found;
  }

  return {
    app,
    config,
    clock,
    identity,
    answers,
    client,
    broker,
    call,
    publish,
    republish,
    told,
    database: activityDb.database,
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
    async stop() {
      client.close();
      await app.stop();
      await broker.close();
      await owners.stop();
      await activityDb.drop();
      await logDb.drop();
      identity.cleanup();
    },
  };
}

export type System = Awaited<ReturnType<typeof startSystem>>;

/** Waits until `look` answers without throwing; its last error is the one that is shown. */
export async function eventually<T>(look: () => Promise<T> | T, withinMs = 5_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

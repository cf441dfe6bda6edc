import { fileURLToPath } from 'node:url';
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
import { createBroker, formatHeaders, migrateEventLog, parseHeaders, type Envelope, type MessageType } from '@tom/messaging';
import { sql } from '@tom/postgres';
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

/** Tuesday noon in Berlin: the week has days before and after it. */
export const NOON = '2026-03-10T11:00:00.000Z';

/** What the other services know; a test adds what it needs. */
interface Elsewhere {
  readonly orgs: Set<string>;
  readonly contacts: Map<string, string>;
  readonly cases: Map<string, string>;
}

/** The other services at the wire: a real gRPC server with canned answers. */
async function serveOwners(verifier: Parameters<typeof serveGrpc>[0]['verifier'], elsewhere: Elsewhere) {
  const serve = (definition: RpcDefinition, given: Record<string, (request: never) => unknown>) =>
    implement(
      definition,
      Object.fromEntries(
        Object.keys(definition).map((name) => [
          name,
          async (request: never) => {
            const answer = given[name];
            if (!answer) throw new Error(`${name} is not expected`);
            return answer(request);
          },
        ]),
      ) as never,
    );
  return serveGrpc({
    address: '127.0.0.1:0',
    verifier,
    logger: createLogger({ service: 'owners', level: 'silent' }),
    metrics: createMetrics('owners'),
    services: [
      serve(StageServiceService, {
        getOrg: ({ orgId }: { orgId: string }) => {
          if (!elsewhere.orgs.has(orgId)) throw DomainError.notFound('The company');
          return orgOf(orgId, { name: 'Asked GmbH', address: { city: 'Ulm' } });
        },
        getContact: ({ contactId }: { contactId: string }) => {
          const orgId = elsewhere.contacts.get(contactId);
          if (!orgId) throw DomainError.notFound('The contact');
          return { contactId, orgId, name: 'x', version: 1, createdBy: 'x', updatedBy: 'x' };
        },
      }),
      serve(WorkflowServiceService, {
        getCase: ({ caseId }: { caseId: string }) => {
          const orgId = elsewhere.cases.get(caseId);
          if (!orgId) throw DomainError.notFound('The case');
          const fixed = { number: '1', caseType: 'X', engine: 'ops', status: 'NEW', ownerRole: 'ops', ownerQueue: 'SALES_OPS', priority: 'NORMAL', title: 'x', openedBy: 'x', returnCount: 0, version: 1 };
          return { case: { caseId, orgId, ...fixed }, phases: [], allowedOutcomes: [], chain: [] };
        },
      }),
    ],
  });
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
  const identity = makeTestIdentity({ clock });
  const [taskDb, logDb] = [await createTestDatabase({ migrations, maxConnections: 24 }), await createTestDatabase({ migrations: {} })];
  const logger = createLogger({ service: 'test', level: process.env['TEST_LOG'] === 'on' ? 'info' : 'silent' });
  const verifier = createTokenVerifier({ clock, trustedKeysFile: identity.trustedKeysFile });
  const elsewhere: Elsewhere = { orgs: new Set(), contacts: new Map(), cases: new Map() };
  await migrateEventLog(logDb.url);
  const owners = await serveOwners(verifier, elsewhere);
  const config = {
    databaseUrl: taskDb.url,
    eventLogUrl: logDb.url,
    grpcAddress: '127.0.0.1:0',
    opsAddress: '127.0.0.1:0',
    stageService: owners.address,
    workflowService: owners.address,
    configDir: fileURLToPath(new URL('../../../config', import.meta.url)),
    trustedKeysFile: identity.trustedKeysFile,
    oidcIssuer: undefined,
    oidcAudience: undefined,
    oidcRolesClaim: 'roles',
    oidcUserClaim: 'preferred_username',
    parkedKeys: 1_000,
    parkedMessages: 10_000,
    logLevel: 'silent',
  } as const;
  const app = await startApp(config, { clock, logger });
  const broker = createBroker({ kind: 'postgres', connectionString: logDb.url, clock, logger });
  const client = createClient(TaskServiceService, { address: app.grpcAddress });

  const call = (user: string, roles: readonly string[], extra: Partial<OutgoingCall> = {}): OutgoingCall => ({
    correlationId: newId(),
    token: identity.userToken(user, roles),
    ...extra,
  });
  type Extra = Partial<OutgoingCall>;
  const ida = (extra?: Extra) => call('ida', ['inside_sales'], extra);

  /** Publishes a message as its owner would; answers its envelope. */
  async function publish<T>(type: MessageType<T>, orgId: string, data: T, meta: Partial<Envelope> = {}): Promise<Envelope<T>> {
    const envelope: Envelope<T> = {
      id: newId(), type: type.typeName, source: '/tom/elsewhere', time: clock.now().toISOString(), subject: orgId, key: orgId,
      topic: type.topic, correlationId: newId(), depth: 0, aggregateId: orgId, revision: 1, actor: 'user:ida', ...meta, data,
    };
    await republish(type, [envelope]);
    return envelope;
  }

  async function republish<T>(type: MessageType<T>, envelopes: readonly Envelope<T>[]): Promise<void> {
    await broker.publish(
      envelopes.map((envelope) => ({
        topic: envelope.topic,
        key: envelope.key,
        headers: formatHeaders(envelope),
        value: JSON.stringify(type.encode(envelope.data)),
      })),
    );
  }

  /** Everything that was published so far has been handled. */
  async function settled(): Promise<void> {
    await eventually(async () => {
      const lags = await broker.lag('task-service');
      if (lags.length === 0 || lags.some(({ lag }) => lag > 0)) throw new Error(`lag ${JSON.stringify(lags.filter((l) => l.lag > 0))}`);
    }, 20_000);
  }

  /** What this service told the world so far, of one company. */
  async function told(orgId: string): Promise<Envelope<{ task: { taskId: string; status: string } }>[]> {
    const waiting = sql('test.outbox', 'select count(*) as n from outbox');
    await eventually(async () => {
      const [row] = await taskDb.database.query<{ n: number }>(waiting);
      if (row?.n !== 0) throw new Error('the outbox is not empty yet');
    });
    const reader = await broker.reader({ topics: ['tom.task.events.v1'], from: 'start' });
    const found: Envelope<never>[] = [];
    for (;;) {
      const batch = await reader.next({ waitMs: 100 });
      if (batch.length === 0) break;
      for (const message of batch) found.push({ ...parseHeaders(message), data: JSON.parse(message.value) as never });
    }
    await reader.close();
    return found.filter((envelope) => envelope.subject === orgId);
  }

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
    app, config, clock, identity, elsewhere, client, broker, call, publish, republish, settled, told, org, task,
    database: taskDb.database,
    ida,
    ingo: (extra?: Extra) => call('ingo', ['inside_sales'], extra),
    olga: (extra?: Extra) => call('olga', ['ops'], extra),
    mia: (extra?: Extra) => call('mia', ['manager'], extra),
    service: (): OutgoingCall => ({ correlationId: newId(), token: identity.serviceToken('stage-service') }),
    tasksOf: async (orgId: string) => {
      const { items } = await client.listTasks({ orgId, statuses: [], taskTypes: [], pageSize: 200 }, ida());
      return items.map((item) => item.task).filter((item) => item !== undefined);
    },
    async stop() {
      client.close();
      await app.stop();
      await broker.close();
      await owners.stop();
      await taskDb.drop();
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

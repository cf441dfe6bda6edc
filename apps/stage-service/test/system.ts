import { fileURLToPath } from 'node:url';
import type { ActivityFields } from '@tom/contracts/tom/activity/v1/activity';
import { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import type { Task } from '@tom/contracts/tom/task/v1/task';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService, type OpenCaseFact } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { loadCatalog } from '@tom/catalog';
import { contentHash, DomainError, newId } from '@tom/kernel';
import { manualClock } from '@tom/kernel/testing';
import { createBroker, formatHeaders, migrateEventLog, parseHeaders, type Envelope, type MessageType } from '@tom/messaging';
import { sql } from '@tom/postgres';
import { createFaultProxy, createTestDatabase } from '@tom/postgres/testing';
import {
  createClient,
  createLogger,
  createMetrics,
  createTokenVerifier,
  implement,
  serveGrpc,
  type CallContext,
  type OutgoingCall,
  type RpcDefinition,
} from '@tom/runtime';
import { makeTestIdentity } from '@tom/runtime/testing';
import { migrations } from '../migrations/index.ts';
import { startApp } from '../src/app.ts';

const configDir = fileURLToPath(new URL('../../../config', import.meta.url));

/** What the owners know of one company. */
export interface KnownFacts {
  cases: OpenCaseFact[];
  contactsSince: number;
  pendingFollowUps: number;
  nextStepsToday: number;
  nextStepsFuture: number;
}

/** What the owners answer; a test changes what it needs. `asked` notes every call. */
export interface Owners {
  readonly facts: Map<string, KnownFacts>;
  readonly closedCases: Map<string, string>;
  readonly tasks: Map<string, Task>;
  readonly asked: { readonly method: string; readonly request: never; readonly call: CallContext }[];
  checkActivity: (orgId: string, fields: ActivityFields) => void;
  away: boolean;
  /** Held open until it resolves, so that something can happen between the gathering and the pivot. */
  hold: Promise<void> | undefined;
}

const nothing: KnownFacts = { cases: [], contactsSince: 0, pendingFollowUps: 0, nextStepsToday: 0, nextStepsFuture: 0 };

/** The other services at the wire: a real gRPC server with canned answers. */
async function serveOwners(verifier: Parameters<typeof serveGrpc>[0]['verifier'], owners: Owners) {
  const known = (orgId: string) => owners.facts.get(orgId) ?? nothing;
  const serve = (definition: RpcDefinition, given: Record<string, (request: never) => unknown>) =>
    implement(
      definition,
      Object.fromEntries(
        Object.keys(definition).map((method) => [
          method,
          async (request: never, call: CallContext) => {
            if (owners.away) throw new DomainError('UNAVAILABLE', 'away');
            owners.asked.push({ method, request, call });
            await owners.hold;
            const answer = given[method];
            if (!answer) throw new Error(`${method} is not expected`);
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
      serve(WorkflowServiceService, {
        getCaseFacts: ({ orgIds }: { orgIds: string[] }) => ({
          facts: orgIds.map((orgId) => ({ orgId, open: known(orgId).cases })),
        }),
        getCase: ({ caseId }: { caseId: string }) => {
          const orgId = owners.closedCases.get(caseId);
          if (!orgId) throw DomainError.notFound('The case');
          const rest = { number: '1', caseType: 'X', engine: 'x', ownerRole: 'x', ownerQueue: 'X', priority: 'NORMAL', title: 'x' };
          const found = { caseId, orgId, status: 'CLOSED', openedBy: 'x', returnCount: 0, version: 1, ...rest };
          return { case: found, phases: [], allowedOutcomes: [], chain: [] };
        },
      }),
      serve(ActivityServiceService, {
        getActivityFacts: ({ queries }: { queries: { orgId: string }[] }) => ({
          facts: queries.map(({ orgId }) => {
            const { contactsSince, pendingFollowUps } = known(orgId);
            return { orgId, contactsSince, pendingFollowUps };
          }),
        }),
        checkActivity: ({ orgId, fields }: { orgId: string; fields: ActivityFields }) => {
          owners.checkActivity(orgId, fields);
          return { fields: { ...fields, occurredAt: fields.occurredAt ?? '2026-03-02T08:00:00.000Z' }, queue: 'INSIDE_SALES' };
        },
      }),
      serve(TaskServiceService, {
        getTaskFacts: ({ orgIds }: { orgIds: string[] }) => ({
          facts: orgIds.map((orgId) => {
            const { nextStepsToday, nextStepsFuture } = known(orgId);
            return { orgId, nextStepsToday, nextStepsFuture, open: nextStepsToday };
          }),
        }),
        getTask: ({ taskId }: { taskId: string }) => ({ task: owners.tasks.get(taskId) }),
      }),
    ],
  });
}

/** The service in this process, on a Postgres of its own, with the event log and the owners of facts around it. */
export async function startSystem() {
  const clock = manualClock('2026-03-02T08:00:00.000Z');
  const identity = makeTestIdentity({ clock });
  const stageDb = await createTestDatabase({ migrations });
  const logDb = await createTestDatabase({ migrations: {} });
  await migrateEventLog(logDb.url);
  const wire = await createFaultProxy(stageDb.url);
  const logger = createLogger({ service: 'test', level: process.env['TEST_LOG'] === 'on' ? 'info' : 'silent' });
  const serviceKeyFile = identity.serviceKeyFile('stage-service');
  const verifier = createTokenVerifier({ clock, trustedKeysFile: identity.trustedKeysFile });
  const owners: Owners = {
    facts: new Map(),
    closedCases: new Map(),
    tasks: new Map(),
    asked: [],
    checkActivity: () => undefined,
    away: false,
    hold: undefined,
  };
  const ownersServer = await serveOwners(verifier, owners);
  const config = {
    databaseUrl: wire.url,
    eventLogUrl: logDb.url,
    grpcAddress: '127.0.0.1:0',
    opsAddress: '127.0.0.1:0',
    activityService: ownersServer.address,
    taskService: ownersServer.address,
    workflowService: ownersServer.address,
    configDir,
    serviceKeyFile,
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
  const client = createClient(StageServiceService, { address: app.grpcAddress });
  const { database } = stageDb;

  const call = (user: string, roles: readonly string[], extra: Partial<OutgoingCall> = {}): OutgoingCall => ({
    correlationId: newId(),
    token: identity.userToken(user, roles),
    ...extra,
  });
  const ida = (extra?: Partial<OutgoingCall>) => call('ida', ['inside_sales'], extra);

  const published = new Set<string>();
  async function republish<T>(type: MessageType<T>, envelope: Envelope<T>): Promise<void> {
    published.add(envelope.id);
    const { topic, key, data } = envelope;
    await broker.publish([{ topic, key, headers: formatHeaders(envelope), value: JSON.stringify(type.encode(data)) }]);
  }

  /** Publishes a message as its sender would; answers its envelope. */
  async function publish<T>(type: MessageType<T>, orgId: string, data: T, meta: Partial<Envelope> = {}): Promise<Envelope<T>> {
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

  /** Until everything that was published so far has been handled. */
  async function settled(): Promise<void> {
    const handled = sql('test.handled', 'select count(*) as count from inbox where message_id = any ($1)');
    await eventually(async () => {
      const [row] = await database.query<{ count: number }>(handled, [[...published]]);
      if (row?.count !== published.size) throw new Error(`${published.size - (row?.count ?? 0)} messages are not handled yet`);
      // Also those that come again, which leave no trace.
      const lag = (await broker.lag('stage-service')).reduce((sum, partition) => sum + partition.lag, 0);
      if (lag > 0) throw new Error(`${lag} messages are not read yet`);
    });
  }

  /** What this service told the world so far, of one company: its events in order, then commands. */
  async function told(orgId: string): Promise<Envelope<Record<string, never>>[]> {
    const waiting = sql('test.outbox', 'select 1 from outbox limit 1');
    await eventually(async () => {
      if ((await database.query(waiting)).length > 0) throw new Error('The outbox is not empty yet');
    });
    const reader = await broker.reader({ topics: ['tom.org.events.v1', 'tom.activity.commands.v1'], from: 'start' });
    const found: Envelope<Record<string, never>>[] = [];
    for (;;) {
      const messages = await reader.next({ waitMs: 50 });
      if (messages.length === 0) break;
      for (const message of messages) {
        if (message.key === orgId) found.push({ ...parseHeaders(message), data: JSON.parse(message.value) as Record<string, never> });
      }
    }
    await reader.close();
    // Order holds within a topic only: events first, then commands.
    return found.toSorted((a, b) => Number(a.topic.includes('command')) - Number(b.topic.includes('command')));
  }

  /** A company, put into a stage without asking anybody. */
  async function company(stage = 'UNVERIFIED', fields: Partial<{ name: string; city: string; wasCustomer: boolean }> = {}): Promise<string> {
    const { orgId } = await client.createOrg(
      { name: fields.name ?? 'Muster GmbH', ...(fields.city ? { address: { city: fields.city } } : {}) },
      ida(),
    );
    const put = sql(
      'test.put',
      `update org set current_stage = $2, was_customer = $3, status = $4 where org_id = $1`,
    );
    const status = catalog.stages.stages.get(stage)?.status ?? 'lead';
    await database.query(put, [orgId, stage, fields.wasCustomer ?? false, status]);
    return orgId;
  }

  const catalog = loadCatalog(configDir);
  return {
    app,
    config,
    clock,
    identity,
    catalog,
    owners,
    /** The service's way to its database. */
    wire,
    client,
    broker,
    database,
    call,
    ida,
    publish,
    republish,
    settled,
    told,
    company,
    root: (extra?: Partial<OutgoingCall>) => call('root', ['administrator'], extra),
    otto: (extra?: Partial<OutgoingCall>) => call('otto', ['outside_sales'], extra),
    anna: (extra?: Partial<OutgoingCall>) => call('anna', ['order_admin'], extra),
    service: (extra: Partial<OutgoingCall> = {}): OutgoingCall => ({
      correlationId: newId(),
      token: identity.serviceToken('workflow-service'),
      ...extra,
    }),
    know(orgId: string, facts: Partial<KnownFacts>): void {
      owners.facts.set(orgId, { ...(owners.facts.get(orgId) ?? nothing), ...facts });
    },
    rows: <T = Record<string, unknown>>(text: string, ...values: unknown[]) =>
      database.query<T>(sql(`test.${contentHash(text)}`, text), values),
    async stop() {
      client.close();
      await app.stop();
      await broker.close();
      await ownersServer.stop();
      await wire.close();
      await stageDb.drop();
      await logDb.drop();
      identity.cleanup();
    },
  };
}

export type System = Awaited<ReturnType<typeof startSystem>>;

const outcomes = {
  QUALIFY_COMPANY: [
    ['QUALIFIED', 'QUALIFIED_LEAD'],
    ['DISQUALIFIED', 'DISQUALIFIED'],
    ['DORMANT', 'DORMANT'],
  ],
  WORK_LEAD: [
    ['WON', 'CUSTOMER'],
    ['DISQUALIFIED', 'DISQUALIFIED'],
    ['LOST', 'DISQUALIFIED'],
    ['DORMANT', 'DORMANT'],
    ['RETURNED', 'QUALIFYING'],
  ],
} as const;

/** An open case as workflow-service tells of it. */
export function openCase(caseType: 'QUALIFY_COMPANY' | 'WORK_LEAD', more: Partial<OpenCaseFact> = {}): OpenCaseFact {
  const field = caseType === 'WORK_LEAD';
  return {
    caseId: newId(),
    caseType,
    engine: field ? 'outside_sales' : 'inside_sales',
    ownerQueue: field ? 'OUTSIDE_SALES' : 'INSIDE_SALES',
    openedAt: '2026-03-01T08:00:00.000Z',
    owner: undefined,
    claimedByEngineRole: false,
    outcomes: outcomes[caseType].map(([outcome, stage]) => ({ outcome, stage })),
    missingOutputs: [],
    ...more,
  };
}

/** Waits until `look` answers without throwing; its last error is the one that is shown. */
export async function eventually<T>(look: () => Promise<T> | T, withinMs = 10_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
}

import { join } from 'node:path';
import { loadCatalog, readTemplates } from '@tom/catalog';
import { descriptorSet } from '@tom/contracts';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { systemClock, type Clock } from '@tom/kernel';
import {
  createBroker,
  createConsumer,
  createOutbox,
  createRelay,
  migrateEventLog,
  type Consumer,
} from '@tom/messaging';
import { createDatabase, isTransient, migrate } from '@tom/postgres';
import {
  createClient,
  createLifecycle,
  createLogger,
  createMetrics,
  createTokenVerifier,
  periodically,
  serveGrpc,
  serveOps,
  type Logger,
  untilDone,
} from '@tom/runtime';
import { Gauge } from 'prom-client';
import { migrations } from '../migrations/index.ts';
import { forgetOld } from './adapters/forget.ts';
import { createOrgWatch } from './adapters/org-watch.ts';
import { createTemplates, runningVersions, type Templates } from './adapters/template-store.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { workflowRpcs } from './grpc.ts';
import { subscriptions } from './subscriptions.ts';
import { escalateDueCases } from './use-cases/escalate-due-cases.ts';
import { loadTemplates } from './use-cases/load-templates.ts';

const SERVICE = 'workflow-service';
/** Rules and what they saw may come in batches of 20 a second: a third of the CPU of batches at once. */
const PACE_MS = 80;
const RELAY_PACE_MS = 10;
const LOOK_FOR_DUE_MS = 15_000;
const FORGET_EVERY_MS = 3_600_000;

export interface WorkflowApp {
  readonly grpcAddress: string;
  readonly opsAddress: string;
  stop(): Promise<void>;
}

/**
 * Starts the service; resolves when it is ready. Templates are read before anything else: a bad one stops the start.
 * Alive but not ready while its database is away; `signal` ends the wait.
 */
export async function startApp(
  config: Config,
  given: { readonly clock?: Clock; readonly logger?: Logger; readonly signal?: AbortSignal } = {},
): Promise<WorkflowApp> {
  const clock = given.clock ?? systemClock;
  const logger = given.logger ?? createLogger({ service: SERVICE, level: config.logLevel });
  const catalog = loadCatalog(config.configDir);
  const files = readTemplates(join(config.configDir, 'workflows'), catalog);
  const metrics = createMetrics(SERVICE);
  const verifier = createTokenVerifier({ clock, logger, ...identityOf(config) });
  const database = createDatabase({ connectionString: config.databaseUrl, applicationName: SERVICE, logger });
  const broker = createBroker({ kind: 'postgres', connectionString: config.eventLogUrl, clock, logger });
  const outbox = createOutbox({ source: SERVICE, clock, histories: { case: 'case_history' } });
  const stage = createClient(StageServiceService, { address: config.stageService });
  const watch = createOrgWatch();
  const relay = createRelay({ connectionString: config.databaseUrl, broker, outbox, logger, clock, paceMs: RELAY_PACE_MS });
  const failed = (what: string) => (error: unknown) => logger.warn({ err: error, what }, 'failed; tried again later');
  const due = periodically(LOOK_FOR_DUE_MS, () => escalateDueCases({ database, clock, outbox }), failed('due cases'));
  const forgetting = periodically(
    FORGET_EVERY_MS,
    (signal) => forgetOld(database, clock.now(), signal),
    failed('old observations'),
  );
  new Gauge({
    name: 'tom_outbox_waiting',
    help: 'Messages that wait to be published.',
    registers: [metrics],
    async collect() {
      const waiting = await relay.depth();
      if (waiting !== undefined) this.set(waiting);
    },
  });

  const stopping = new AbortController();
  const ended = AbortSignal.any([stopping.signal, ...(given.signal ? [given.signal] : [])]);
  const lifecycle = createLifecycle(logger);
  const waiting = { isTransient, logger, signal: ended };
  let grpcAddress = '';
  let opsAddress = '';
  let templates: Templates | undefined;
  let grpc: Awaited<ReturnType<typeof serveGrpc>> | undefined;
  let ops: Awaited<ReturnType<typeof serveOps>> | undefined;
  let consumer: Consumer | undefined;
  let joining: Promise<void> = Promise.resolve();

  function deps(): Deps {
    if (!templates) throw new Error('The templates are not loaded yet');
    return { database, clock, outbox, catalog, templates, watch, stage };
  }

  async function prepareDatabase(): Promise<void> {
    await migrate(config.databaseUrl, { migrations, logger });
    const inForce = await loadTemplates({ database, clock, catalog }, files);
    const loaded = createTemplates(inForce, catalog);
    await loaded.ofCases(database, await runningVersions(database));
    templates = loaded;
  }

  lifecycle.add('operations', {
    async start() {
      const ready = { started: () => grpc !== undefined, database: () => database.ping() };
      ops = await serveOps({ address: config.opsAddress, ready, metrics, logger });
      opsAddress = ops.address;
    },
    stop: () => ops?.stop(),
  });
  lifecycle.add('database', {
    start: () => untilDone('database', prepareDatabase, waiting),
    stop: () => database.close(),
  });
  lifecycle.add('stage-service', { stop: () => stage.close() });
  lifecycle.add('broker', { stop: () => broker.close() });
  lifecycle.add('messages', {
    start() {
      const member = createConsumer({
        database,
        broker,
        group: SERVICE,
        paceMs: PACE_MS,
        subscriptions: subscriptions(deps()),
        outbox,
        clock,
        logger,
      });
      consumer = member;
      // In the background: without the log nothing arrives and nothing leaves, but cases can be worked on.
      joining = untilDone('event log', () => migrateEventLog(config.eventLogUrl), waiting)
        .then(async () => {
          relay.start();
          await member.start();
        })
        .catch((error: unknown) => {
          if (!ended.aborted) logger.error({ err: error }, 'the event log cannot be used');
        });
    },
    async stop() {
      await joining;
      await consumer?.stop();
      await relay.stop();
    },
  });
  lifecycle.add('due cases', due);
  lifecycle.add('old observations', forgetting);
  lifecycle.add('gRPC', {
    async start() {
      const services = [workflowRpcs(deps())];
      grpc = await serveGrpc({
        address: config.grpcAddress,
        services,
        verifier,
        logger,
        metrics,
        descriptorSet: descriptorSet(),
        isTransient,
      });
      grpcAddress = grpc.address;
    },
    stop: () => grpc?.stop(),
  });

  await lifecycle.start();
  return {
    grpcAddress,
    opsAddress,
    async stop() {
      stopping.abort();
      await lifecycle.stop();
    },
  };
}

function identityOf(config: Config) {
  const { trustedKeysFile, oidcIssuer, oidcAudience, oidcUserClaim, oidcRolesClaim } = config;
  return { trustedKeysFile, oidcIssuer, oidcAudience, userClaim: oidcUserClaim, rolesClaim: oidcRolesClaim };
}

import { loadCatalog } from '@tom/catalog';
import { descriptorSet } from '@tom/contracts';
import { systemClock, type Clock } from '@tom/kernel';
import { createBroker, createConsumer, createOutbox, createRelay, migrateEventLog } from '@tom/messaging';
import { createDatabase, isTransient, migrate } from '@tom/postgres';
import {
  createLifecycle,
  createLogger,
  createMetrics,
  createServiceTokens,
  createTokenVerifier,
  serveGrpc,
  serveOps,
  type Logger,
  untilDone,
} from '@tom/runtime';
import { Gauge } from 'prom-client';
import { migrations } from '../migrations/index.ts';
import { createActivityLog } from './adapters/activity-log.ts';
import { createKnown } from './adapters/known.ts';
import { createOwners } from './adapters/owners.ts';
import { createPlaces } from './adapters/places.ts';
import type { Config } from './config.ts';
import { activityService } from './grpc.ts';
import { subscriptions } from './subscriptions.ts';
import type { Context } from './use-cases/context.ts';
import { watchWaitingReports } from './use-cases/watch-waiting-reports.ts';

const SERVICE = 'activity-service';
/** Timeline entries and links to tasks may come in batches. */
const PACE_MS = 30;

export interface ActivityApp {
  readonly grpcAddress: string;
  readonly opsAddress: string;
  stop(): Promise<void>;
}

/** Starts the service; resolves when it is ready. Alive but not ready while its database is away; `signal` ends the wait. */
export async function startApp(
  config: Config,
  given: { readonly clock?: Clock; readonly logger?: Logger; readonly signal?: AbortSignal } = {},
): Promise<ActivityApp> {
  const clock = given.clock ?? systemClock;
  const logger = given.logger ?? createLogger({ service: SERVICE, level: config.logLevel });
  const catalog = loadCatalog(config.configDir);
  const metrics = createMetrics(SERVICE);
  const verifier = createTokenVerifier({ clock, logger, ...identityOf(config) });
  const database = createDatabase({ connectionString: config.databaseUrl, applicationName: SERVICE, logger });
  const broker = createBroker({ kind: 'postgres', connectionString: config.eventLogUrl, clock, logger });
  const outbox = createOutbox({ source: SERVICE, clock, histories: { activity: 'activity_history' } });
  const owners = createOwners(config);
  const serviceTokens = createServiceTokens({ keyFile: config.serviceKeyFile, service: SERVICE, clock });
  const context: Context = {
    database,
    clock,
    catalog,
    outbox,
    owners,
    places: createPlaces({ database, owners, clock }),
    known: createKnown(database),
    log: createActivityLog(database, outbox),
  };
  const relay = createRelay({ connectionString: config.databaseUrl, broker, outbox, logger, clock });
  const consumer = createConsumer({
    database,
    broker,
    group: SERVICE,
    paceMs: PACE_MS,
    subscriptions: subscriptions({ ...context, serviceTokens, group: SERVICE }),
    outbox,
    clock,
    logger,
  });
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
  let migrated = false;
  let grpcAddress = '';
  let opsAddress = '';
  let grpc: Awaited<ReturnType<typeof serveGrpc>> | undefined;
  let ops: Awaited<ReturnType<typeof serveOps>> | undefined;
  let joining: Promise<void> = Promise.resolve();

  lifecycle.add('operations', {
    async start() {
      const ready = { started: () => grpc !== undefined && migrated, database: () => database.ping() };
      ops = await serveOps({ address: config.opsAddress, ready, metrics, logger });
      opsAddress = ops.address;
    },
    stop: () => ops?.stop(),
  });
  lifecycle.add('database', {
    async start() {
      await untilDone('database', () => migrate(config.databaseUrl, { migrations, logger }), {
        isTransient,
        logger,
        signal: ended,
      });
      migrated = true;
    },
    stop: () => database.close(),
  });
  lifecycle.add('owners', { stop: () => owners.close() });
  lifecycle.add('broker', { stop: () => broker.close() });
  lifecycle.add('messages', {
    start() {
      // In the background: without the log nothing arrives and nothing leaves, but activities can be logged.
      joining = untilDone('event log', () => migrateEventLog(config.eventLogUrl), {
        isTransient,
        logger,
        signal: ended,
      })
        .then(async () => {
          relay.start();
          await consumer.start();
        })
        .catch((error: unknown) => {
          if (!ended.aborted) logger.error({ err: error }, 'the event log cannot be used');
        });
    },
    async stop() {
      await joining;
      await consumer.stop();
      await relay.stop();
    },
  });
  lifecycle.add('waiting reports', watchWaitingReports({ ...context, group: SERVICE, metrics, logger, days: config.waitingReportDays }));
  lifecycle.add('gRPC', {
    async start() {
      const services = [activityService(context, { verifier, logger })];
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

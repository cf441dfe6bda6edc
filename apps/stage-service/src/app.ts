import { loadCatalog } from '@tom/catalog';
import { descriptorSet } from '@tom/contracts';
import { systemClock, type Clock } from '@tom/kernel';
import { createBroker, createConsumer, createOutbox, createRelay, migrateEventLog, registerMessagingMetrics } from '@tom/messaging';
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
import { migrations } from '../migrations/index.ts';
import { connectFactOwners } from './adapters/fact-owners.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { stageService } from './grpc.ts';
import { subscriptions } from './subscriptions.ts';

const SERVICE = 'stage-service';
/** What this service learns of tasks and activities is shown in lists; batches of 20 a second cost a third of batches at once. */
const PACE_MS = 50;

export interface StageApp {
  readonly grpcAddress: string;
  readonly opsAddress: string;
  stop(): Promise<void>;
}

/** Starts the service; resolves when it is ready. Alive but not ready while its database is away; `signal` ends the wait. */
export async function startApp(
  config: Config,
  given: { readonly clock?: Clock; readonly logger?: Logger; readonly signal?: AbortSignal } = {},
): Promise<StageApp> {
  const clock = given.clock ?? systemClock;
  const logger = given.logger ?? createLogger({ service: SERVICE, level: config.logLevel });
  const catalog = loadCatalog(config.configDir);
  const metrics = createMetrics(SERVICE);
  const verifier = createTokenVerifier({ clock, logger, ...identityOf(config) });
  const serviceTokens = createServiceTokens({ keyFile: config.serviceKeyFile, service: SERVICE, clock });
  const database = createDatabase({ connectionString: config.databaseUrl, applicationName: SERVICE, logger });
  const broker = createBroker({ kind: 'postgres', connectionString: config.eventLogUrl, clock, logger });
  const outbox = createOutbox({ source: SERVICE, clock, histories: { org: 'org_history' } });
  const owners = connectFactOwners({ ...config, serviceTokens });
  const deps: Deps = { database, outbox, clock, catalog, owners };
  const relay = createRelay({ connectionString: config.databaseUrl, broker, outbox, logger, clock });
  const consumer = createConsumer({
    database,
    broker,
    group: SERVICE,
    paceMs: PACE_MS,
    parkedLimits: { keys: config.parkedKeys, messages: config.parkedMessages },
    subscriptions: subscriptions(deps),
    outbox,
    clock,
    logger,
  });
  registerMessagingMetrics({ metrics, database, broker, consumer: () => consumer, group: SERVICE });

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
      await untilDone('database', () => migrate(config.databaseUrl, { migrations, logger }), { isTransient, logger, signal: ended });
      migrated = true;
    },
    stop: () => database.close(),
  });
  lifecycle.add('owners of facts', { stop: () => owners.close() });
  lifecycle.add('broker', { stop: () => broker.close() });
  lifecycle.add('messages', {
    start() {
      // In the background: without the log nothing arrives and nothing leaves, but companies can be written and read.
      joining = untilDone('event log', () => migrateEventLog(config.eventLogUrl), { isTransient, logger, signal: ended })
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
  lifecycle.add('gRPC', {
    async start() {
      grpc = await serveGrpc({
        address: config.grpcAddress,
        services: [stageService(deps)],
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

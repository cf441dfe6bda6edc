import { loadCatalog, type Catalog } from '@tom/catalog';
import { descriptorSet } from '@tom/contracts';
import { systemClock, type Clock } from '@tom/kernel';
import {
  createConsumer,
  createOutbox,
  createRelay,
  registerMessagingMetrics,
  type Consumer,
  type Outbox,
  type Subscription,
} from '@tom/messaging';
import { createDatabase, isTransient, migrate, type Database, type Migration } from '@tom/postgres';
import {
  createClient,
  createLifecycle,
  createLogger,
  createMetrics,
  createTokenVerifier,
  grpcTls,
  serveGrpc,
  serveOps,
  untilDone,
  type Client,
  type ClientOptions,
  type LifecyclePart,
  type Logger,
  type RpcDefinition,
  type ServiceImplementation,
  type TokenVerifier,
} from '@tom/runtime';
import { openEventLog } from './event-log.ts';
import { messagesPart } from './messages-part.ts';
import type { ServiceConfig } from './service-entries.ts';

/** What may take the place of the usual: a test brings clock and logger, a process the signal that ends a start. */
export interface Surroundings {
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
}

/** A client of another service, as `createClient` makes it; its channel is closed with this service. */
export type Connect = <const D extends RpcDefinition>(definition: D, options: ClientOptions) => Client<D>;

/** What every service has; what is its own is built on it. */
export interface ServiceParts {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  /** Where figures of its own are registered. */
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly connect: Connect;
}

/** What a service does: `parts` (timers, say) start after the messages and before gRPC, and stop in reverse. */
export interface Served {
  readonly subscriptions: readonly Subscription[];
  readonly services: readonly ServiceImplementation[];
  readonly parts?: Readonly<Record<string, LifecyclePart>>;
}

/** A service that is built but has no database yet. */
export interface Built {
  /**
   * Called when the database is there and migrated, and before the service is ready: what is to be read or put in order
   * first belongs here. A transient failure is tried again, the whole of it; any other one ends the start.
   */
  serve(): Served | Promise<Served>;
}

/**
 * What makes one service another than the next. `histories` are the outbox's, `name` is also its consumer group. Paces
 * (ms, default 0) are the least time from one batch to the next: `consumerPaceMs` of what arrives, `relayPaceMs` of what
 * leaves. `build` runs first of all: what it throws (a bad file) ends the start before anything listens.
 */
export interface Service {
  readonly name: string;
  readonly config: ServiceConfig;
  readonly migrations: Readonly<Record<string, Migration>>;
  readonly histories: Readonly<Record<string, string>>;
  readonly consumerPaceMs?: number;
  readonly relayPaceMs?: number;
  build(parts: ServiceParts): Built;
}

/** A service that is ready. */
export interface RunningService {
  readonly grpcAddress: string;
  readonly opsAddress: string;
  /** Stops everything in reverse order; never rejects, takes at most 10 s. */
  stop(): Promise<void>;
}

/**
 * Starts a service; resolves when it is ready. Alive but not ready while its database is away, ready without the event
 * log; `signal` ends the wait. Rejects, with everything released, when it cannot start.
 */
export async function runService(service: Service, given: Surroundings = {}): Promise<RunningService> {
  const { name, config, consumerPaceMs = 0, relayPaceMs = 0 } = service;
  const { databaseUrl } = config;
  const {
    clock = systemClock,
    logger = createLogger({ service: name, level: config.logLevel }),
    signal = new AbortController().signal,
  } = given;
  const catalog = loadCatalog(config.configDir);
  const metrics = createMetrics(name);
  const tls = grpcTls(config, { logger });
  const verifier = createTokenVerifier({ clock, logger, ...identityOf(config) });
  const database = createDatabase({ connectionString: databaseUrl, applicationName: name, logger });
  const eventLog = openEventLog(config, { clock, logger, metrics });
  const { broker } = eventLog;
  const outbox = createOutbox({ source: name, clock, histories: service.histories });
  const relay = createRelay({ connectionString: databaseUrl, broker, outbox, logger, clock, paceMs: relayPaceMs });
  let consumer: Consumer | undefined;
  registerMessagingMetrics({ metrics, database, broker, consumer: () => consumer, group: name });

  const clients: { close(): void }[] = [];
  // The one place where a channel to another service is made, so that none is without the certificates.
  const connect: Connect = (definition, options) => {
    const client = createClient(definition, { tls, ...options });
    clients.push(client);
    return client;
  };

  const lifecycle = createLifecycle(logger);
  let grpc: Awaited<ReturnType<typeof serveGrpc>> | undefined;
  let ops: Awaited<ReturnType<typeof serveOps>> | undefined;

  // Until gRPC is served only this answers: alive, and not ready.
  lifecycle.add('operations', {
    async start() {
      const ready = { started: () => grpc !== undefined, database: () => database.ping() };
      ops = await serveOps({ address: config.opsAddress, ready, metrics, logger });
    },
    stop: () => ops?.stop(),
  });
  lifecycle.add('database', { stop: () => database.close() });
  lifecycle.add('clients', {
    stop() {
      for (const client of clients) client.close();
    },
  });
  lifecycle.add('broker', { stop: () => broker.close() });

  try {
    const built = service.build({ database, outbox, clock, catalog, verifier, logger, metrics, connect });
    await lifecycle.start();

    const prepare = async (): Promise<Served> => {
      await migrate(databaseUrl, { migrations: service.migrations, logger });
      return built.serve();
    };
    const { subscriptions, services, parts = {} } = await untilDone('database', prepare, { isTransient, logger, signal });

    consumer = createConsumer({
      database,
      broker,
      group: name,
      paceMs: consumerPaceMs,
      parkedLimits: { keys: config.parkedKeys, messages: config.parkedMessages },
      subscriptions,
      outbox,
      clock,
      logger,
    });
    lifecycle.add('messages', messagesPart({ eventLog, relay, consumer, logger, signal }));
    for (const [part, own] of Object.entries(parts)) lifecycle.add(part, own);
    lifecycle.add('gRPC', {
      async start() {
        grpc = await serveGrpc({
          address: config.grpcAddress,
          services,
          verifier,
          logger,
          metrics,
          descriptorSet: descriptorSet(),
          isTransient,
          tls,
          maxConcurrentCalls: config.maxConcurrentCalls,
        });
      },
      stop: () => grpc?.stop(),
    });
    await lifecycle.start();
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
  return { grpcAddress: grpc?.address ?? '', opsAddress: ops?.address ?? '', stop: () => lifecycle.stop() };
}

function identityOf(config: ServiceConfig) {
  const { trustedKeysFile, oidcIssuer, oidcAudience, oidcUserClaim, oidcRolesClaim, oidcServiceClients, oidcClockToleranceSeconds } = config;
  const claims = { userClaim: oidcUserClaim, rolesClaim: oidcRolesClaim, serviceClients: oidcServiceClients };
  return { trustedKeysFile, oidcIssuer, oidcAudience, ...claims, clockToleranceSeconds: oidcClockToleranceSeconds };
}

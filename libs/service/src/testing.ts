import { fileURLToPath } from 'node:url';
import { contentHash, newId, type Clock } from '@tom/kernel';
import { formatHeaders, parseHeaders, type Broker, type Envelope, type MessageType, type Reader } from '@tom/messaging';
import { createTestBroker, eventually } from '@tom/messaging/testing';
import { sql, type Database, type Migration } from '@tom/postgres';
import { createTestDatabase } from '@tom/postgres/testing';
import {
  createClient,
  createLogger,
  createTokenVerifier,
  type Client,
  type Logger,
  type OutgoingCall,
  type RpcDefinition,
} from '@tom/runtime';
import { makeTestIdentity, type TestIdentity } from '@tom/runtime/testing';
import type { RunningService, Surroundings } from './run-service.ts';
import type { ServiceConfig } from './service-entries.ts';
import { serveOthers, type OnCall, type OtherService } from './testing-others.ts';

export { eventually };
export { other, serveOthers, type Answers, type OnCall, type OtherService } from './testing-others.ts';

const SETTLED_WITHIN_MS = 20_000;

/** The configuration that the repository brings along. */
export const sharedConfigDir = fileURLToPath(new URL('../../../config', import.meta.url));

/**
 * A service to be tested as a whole. `own` are the settings beyond those of every service, `others` is the address where
 * all the `others` answer; `publishes` are the topics that it writes to. `reachedBy` may put something between the
 * service and its database, then the event log.
 */
export interface ServiceUnderTest<D extends RpcDefinition, Own extends object> {
  readonly name: string;
  readonly definition: D;
  readonly migrations: Readonly<Record<string, Migration>>;
  readonly publishes: readonly string[];
  readonly clock: Clock;
  readonly configDir?: string;
  readonly maxConnections?: number;
  readonly others: readonly OtherService[];
  readonly onCall?: OnCall;
  readonly reachedBy?: (url: string) => Promise<string>;
  own(given: { readonly others: string; readonly identity: TestIdentity }): Own;
  start(config: ServiceConfig & Own, given: Surroundings): Promise<RunningService>;
}

/** The service in this process, on a Postgres of its own, with the event log and the other services around it. */
export interface TestService<D extends RpcDefinition, Own extends object> {
  readonly app: RunningService;
  readonly config: ServiceConfig & Own;
  readonly identity: TestIdentity;
  /** The service's own database, directly. */
  readonly database: Database;
  readonly broker: Broker;
  readonly client: Client<D>;
  /** A call by a person. */
  call(user: string, roles: readonly string[], extra?: Partial<OutgoingCall>): OutgoingCall;
  /** A call by another service. */
  callOf(service: string, extra?: Partial<OutgoingCall>): OutgoingCall;
  /** Publishes a message as its owner would; answers its envelope. What `meta` does not say is made up. */
  publish<T>(type: MessageType<T>, orgId: string, data: T, meta?: Partial<Envelope>): Promise<Envelope<T>>;
  /** Publishes messages as they are, in one go. */
  republish<T>(type: MessageType<T>, ...envelopes: readonly Envelope<T>[]): Promise<void>;
  /** Resolves when everything that was published so far has been handled, or buried. */
  settled(): Promise<void>;
  /** What the service has told the world so far: in order within each topic, the topics in the order of `publishes`. */
  told<T = Record<string, unknown>>(belongs: (envelope: Envelope) => boolean): Promise<Envelope<T>[]>;
  rows<T = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<T[]>;
  stop(): Promise<void>;
}

/** Starts a service for a test file. TEST_LOG=on, or a level, shows its log. */
export async function startTestService<const D extends RpcDefinition, Own extends object>(
  service: ServiceUnderTest<D, Own>,
): Promise<TestService<D, Own>> {
  const { name, clock, publishes, reachedBy = (url) => Promise.resolve(url) } = service;
  const releases: (() => Promise<void> | void)[] = [];
  async function stop(): Promise<void> {
    for (const release of releases.splice(0).toReversed()) await release();
  }

  try {
    const identity = makeTestIdentity({ clock });
    releases.push(() => identity.cleanup());
    const logger = testLogger();
    const own = await createTestDatabase({
      migrations: service.migrations,
      ...(service.maxConnections === undefined ? {} : { maxConnections: service.maxConnections }),
    });
    releases.push(() => own.drop());
    const log = await createTestBroker({ clock, logger });
    releases.push(() => log.drop());
    const verifier = createTokenVerifier({ clock, trustedKeysFile: identity.trustedKeysFile });
    const others = await serveOthers(verifier, service.others, service.onCall);
    releases.push(() => others.stop());
    const config = {
      databaseUrl: await reachedBy(own.url),
      eventLogUrl: await reachedBy(log.url),
      grpcAddress: '127.0.0.1:0',
      opsAddress: '127.0.0.1:0',
      configDir: service.configDir ?? sharedConfigDir,
      trustedKeysFile: identity.trustedKeysFile,
      oidcIssuer: undefined,
      oidcAudience: undefined,
      oidcRolesClaim: 'roles',
      oidcUserClaim: 'preferred_username',
      parkedKeys: 1_000,
      parkedMessages: 10_000,
      oidcClockToleranceSeconds: 5,
      maxConcurrentCalls: 512,
      logLevel: 'silent',
      ...service.own({ others: others.address, identity }),
    } as const;
    const app = await service.start(config, { clock, logger });
    releases.push(() => app.stop());
    const client = createClient(service.definition, { address: app.grpcAddress });
    releases.push(() => client.close());
    const { broker } = log;
    const { database } = own;
    const reader = await broker.reader({ topics: publishes, from: 'start' });
    releases.push(() => reader.close());

    return {
      app,
      config,
      identity,
      database,
      broker,
      client,
      call: (user, roles, extra = {}) => ({ correlationId: newId(), token: identity.userToken(user, roles), ...extra }),
      callOf: (from, extra = {}) => ({ correlationId: newId(), token: identity.serviceToken(from), ...extra }),
      ...publishing(broker, clock),
      async settled() {
        await eventually(async () => {
          const lags = await broker.lag(name);
          const behind = lags.filter(({ lag }) => lag > 0);
          if (lags.length === 0 || behind.length > 0) throw new Error(`${name} lags behind: ${JSON.stringify(behind)}`);
        }, SETTLED_WITHIN_MS);
      },
      told: listening({ source: `/tom/${name}`, publishes, reader, database }),
      rows: (text, ...values) => database.query(sql(`test.${contentHash(text).slice(0, 24)}`, text), values),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function testLogger(): Logger {
  const asked = process.env['TEST_LOG'];
  return createLogger({ service: 'test', level: asked === 'on' ? 'info' : asked || 'silent' });
}

type Publishing = Pick<TestService<RpcDefinition, object>, 'publish' | 'republish'>;

function publishing(broker: Broker, clock: Clock): Publishing {
  const republish: Publishing['republish'] = (type, ...envelopes) =>
    broker.publish(
      envelopes.map((envelope) => ({
        topic: envelope.topic,
        key: envelope.key,
        headers: formatHeaders(envelope),
        value: JSON.stringify(type.encode(envelope.data)),
      })),
    );
  return {
    republish,
    async publish(type, orgId, data, meta = {}) {
      const envelope = {
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
    },
  };
}

/** One reader for the whole file, and what it has read so far: a test may ask again and again. */
function listening(options: {
  readonly source: string;
  readonly publishes: readonly string[];
  readonly reader: Reader;
  readonly database: Database;
}): TestService<RpcDefinition, object>['told'] {
  const { source, publishes, reader, database } = options;
  const waiting = sql('test.outbox', 'select 1 from outbox limit 1');
  const heard: Envelope[] = [];
  return async <T>(belongs: (envelope: Envelope) => boolean) => {
    await eventually(async () => {
      if ((await database.query(waiting)).length > 0) throw new Error('The outbox is not empty yet');
    });
    for (;;) {
      const messages = await reader.next({ waitMs: 20 });
      if (messages.length === 0) break;
      heard.push(...messages.map((message) => ({ ...parseHeaders(message), data: JSON.parse(message.value) as unknown })));
    }
    // Order holds within a topic only.
    const mine = heard.filter((envelope) => envelope.source === source && belongs(envelope));
    return mine.sort((a, b) => publishes.indexOf(a.topic) - publishes.indexOf(b.topic)) as Envelope<T>[];
  };
}

import { newId, type Clock } from '@tom/kernel';
import { sql, type Database, type Migration } from '@tom/postgres';
import { createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import {
  createConsumer,
  createOutbox,
  createRelay,
  historyTable,
  messagingMigrations,
  type Broker,
  type Consumer,
  type ConsumerOptions,
  type MessageType,
  type Outbox,
  type Relay,
  type Subscription,
} from '../src/index.ts';

export interface Numbered {
  readonly n: number;
}

function numbered(typeName: string, topic: string): MessageType<Numbered> {
  return {
    typeName,
    topic,
    encode: (value) => value,
    decode: (json) => {
      const n = typeof json === 'object' && json !== null && 'n' in json ? json.n : undefined;
      if (typeof n !== 'number') throw new Error('n: expected a number');
      return { n };
    },
  };
}

export const ThingHappened = numbered('tom.thing.v1.ThingHappened', 'tom.thing.events.v1');
export const OtherHappened = numbered('tom.thing.v1.OtherHappened', 'tom.thing.events.v1');
export const Unheard = numbered('tom.thing.v1.Unheard', 'tom.thing.events.v1');
export const ResultMade = numbered('tom.result.v1.ResultMade', 'tom.result.events.v1');

const serviceMigrations: Record<string, Migration> = {
  ...messagingMigrations,
  '0001-service': {
    async up(knex) {
      await historyTable(knex, 'thing_history');
      await knex.raw('create table effect (id bigint generated always as identity, key text, n int, by text)');
    },
  },
};

export interface TestService extends TestDatabase {
  readonly outbox: Outbox;
}

/** A service's database with the tables of messaging, a history and a table of effects. */
export async function createTestService(clock: Clock, source = 'test-service'): Promise<TestService> {
  const database = await createTestDatabase({ migrations: serviceMigrations });
  return { ...database, outbox: createOutbox({ source, clock, histories: { thing: 'thing_history' } }) };
}

const insertEffect = sql('test.effect', 'insert into effect (key, n, by) values ($1, $2, $3)');
const selectEffects = sql('test.effects', 'select key, n, by from effect order by id');

export const effectsOf = (database: Database): Promise<{ key: string; n: number; by: string }[]> =>
  database.query(selectEffects);

export async function effect(
  tx: { query: Database['query'] },
  envelope: { key: string; data: Numbered },
  by = 'handle',
): Promise<void> {
  await tx.query(insertEffect, [envelope.key, envelope.data.n, by]);
}

export async function rowCount(database: Database, table: string): Promise<number> {
  const [row] = await database.query<{ size: number }>(
    sql(`test.count.${table}`, `select count(*) as size from ${table}`),
  );
  return row?.size ?? -1;
}

/** Publishes n = 1… for one key, with ids and revisions as a service would. */
export const draftsFor = (key: string, numbers: readonly number[], type = ThingHappened) =>
  numbers.map((n) => ({ type, aggregateId: key, revision: n, orgId: key, data: { n } }));

export const origin = () => ({ correlationId: newId(), depth: 0, actor: 'user:ida' });

export type ConsumerParts = Pick<ConsumerOptions, 'broker' | 'clock'> & {
  readonly service: TestService;
  readonly subscriptions: readonly Subscription[];
} & Partial<Pick<ConsumerOptions, 'group' | 'retry' | 'isTransient' | 'logger' | 'batchSize' | 'database' | 'parkedLimits'>>;

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export function consumerOf({ service, ...options }: ConsumerParts): Consumer {
  return createConsumer({
    group: 'test-group',
    database: service.database,
    outbox: service.outbox,
    logger: quiet,
    retry: { firstDelayMs: 10, maxDelayMs: 100 },
    ...options,
  });
}

export function relayOf(service: TestService, broker: Broker, clock: Clock, connectionString = service.url): Relay {
  return createRelay({ connectionString, broker, outbox: service.outbox, logger: quiet, clock });
}

import { assertNever, type Clock } from '@tom/kernel';
import type { Logger } from '@tom/postgres';
import type { Broker } from './broker.ts';
import type { BrokerAdmin } from './broker-admin.ts';
import { createKafkaBroker, type KafkaBrokerOptions } from './kafka-broker/kafka-broker.ts';
import { createKafkaBrokerAdmin } from './kafka-broker/operator.ts';
import { createPostgresBrokerAdmin } from './postgres-broker/admin.ts';
import { createPostgresBroker, type PostgresBrokerOptions } from './postgres-broker/postgres-broker.ts';
import { migrateEventLog } from './postgres-broker/schema.ts';

/** Which broker, and its settings. */
export type BrokerConfig =
  | ({ readonly kind: 'postgres' } & PostgresBrokerOptions)
  | ({ readonly kind: 'kafka' } & KafkaBrokerOptions);

/** The broker that a configuration names; the only place that knows them all. */
export function createBroker(config: BrokerConfig, given: { readonly clock?: Clock; readonly logger?: Logger } = {}): Broker {
  switch (config.kind) {
    case 'postgres':
      return createPostgresBroker({ ...config, ...given });
    case 'kafka':
      return createKafkaBroker({ ...config, ...(given.logger ? { logger: given.logger } : {}) });
    default:
      return assertNever(config);
  }
}

/** What must be done once before a log is used: the schema of the one in Postgres; Kafka's topics are made by people. */
export async function prepareBroker(config: BrokerConfig): Promise<void> {
  if (config.kind === 'postgres') await migrateEventLog(config.connectionString);
}

/** The operator's side of the broker that a configuration names. */
export function createBrokerAdmin(config: BrokerConfig): BrokerAdmin {
  switch (config.kind) {
    case 'postgres':
      return createPostgresBrokerAdmin(config);
    case 'kafka':
      return createKafkaBrokerAdmin(config);
    default:
      return assertNever(config);
  }
}

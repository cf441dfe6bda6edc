import { assertNever } from '@tom/kernel';
import type { Broker } from './broker.ts';
import type { BrokerAdmin } from './broker-admin.ts';
import { createPostgresBrokerAdmin } from './postgres-broker/admin.ts';
import { createPostgresBroker, type PostgresBrokerOptions } from './postgres-broker/postgres-broker.ts';

/** Which broker, and its settings. */
export type BrokerConfig = { readonly kind: 'postgres' } & PostgresBrokerOptions;

/** The broker that a configuration names; the only place that knows them all. */
export function createBroker(config: BrokerConfig): Broker {
  switch (config.kind) {
    case 'postgres':
      return createPostgresBroker(config);
    default:
      return assertNever(config.kind);
  }
}

/** The operator's side of the broker that a configuration names. */
export function createBrokerAdmin(config: BrokerConfig): BrokerAdmin {
  switch (config.kind) {
    case 'postgres':
      return createPostgresBrokerAdmin(config);
    default:
      return assertNever(config.kind);
  }
}

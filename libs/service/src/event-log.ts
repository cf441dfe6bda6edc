import type { Clock } from '@tom/kernel';
import {
  brokerChecks,
  brokerConfig,
  brokerEntries,
  createBroker,
  prepareBroker,
  type Broker,
  type BrokerSettings,
} from '@tom/messaging';
import { measureMembers, type Logger, type Metrics } from '@tom/runtime';

/** The settings by which a process finds the event log; the same for all that publish or read. */
export const eventLogEntries = brokerEntries;

/** What these settings must be together, for `defineConfig`. */
export const eventLogChecks = brokerChecks;

/** What `eventLogEntries` are read into. */
export type EventLogConfig = BrokerSettings;

/** The event log of a process: the way to it, and what must be done once before it is used. */
export interface EventLog {
  readonly broker: Broker;
  /** Makes the log what this version expects; rejects while it is away, and is then called again. */
  prepare(): Promise<void>;
}

/**
 * The event log that the settings name, Kafka or the one in Postgres; connects by itself, at the first use. The only
 * place where settings choose a broker.
 */
export function openEventLog(
  config: EventLogConfig,
  { clock, logger, metrics }: { readonly clock: Clock; readonly logger: Logger; readonly metrics: Metrics },
): EventLog {
  const log = brokerConfig(config);
  const broker = createBroker(log, { clock, logger });
  measureMembers(metrics, broker);
  return { broker, prepare: () => prepareBroker(log) };
}

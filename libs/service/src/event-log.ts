import type { Clock } from '@tom/kernel';
import { createBroker, migrateEventLog, type Broker } from '@tom/messaging';
import { parsers, type Logger } from '@tom/runtime';

/** The settings by which a process finds the event log; the same for all that publish or read. */
export const eventLogEntries = {
  eventLogUrl: { meaning: 'Postgres URL of the event log', env: 'EVENT_LOG_URL', parse: parsers.postgresUrl, secret: true },
} as const;

/** What `eventLogEntries` are read into. */
export interface EventLogConfig {
  readonly eventLogUrl: string;
}

/** The event log of a process: the way to it, and what must be done once before it is used. */
export interface EventLog {
  readonly broker: Broker;
  /** Makes the log what this version expects; rejects while it is away, and is then called again. */
  prepare(): Promise<void>;
}

/**
 * The event log that the settings name; connects by itself, at the first use. The only place where settings choose a
 * broker: another kind is one more entry above and one more case here.
 */
export function openEventLog(
  config: EventLogConfig,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): EventLog {
  const { eventLogUrl } = config;
  return {
    broker: createBroker({ kind: 'postgres', connectionString: eventLogUrl, clock, logger }),
    async prepare() {
      await migrateEventLog(eventLogUrl);
    },
  };
}

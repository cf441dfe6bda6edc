import { readFileSync } from 'node:fs';
import type { Logger } from '@tom/postgres';
import { Kafka, logLevel, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import { stopIdleTimer } from './idle-timer.ts';

/** How a Kafka is reached; the files are read again for each new client, so that certificates can be renewed. */
export interface KafkaConnection {
  /** host:port of some nodes. */
  readonly brokers: readonly string[];
  /** What the server's log calls us; default `tom-flow`. */
  readonly clientId?: string;
  /** TLS, with the system's certificates unless `caFile` names others; `certFile` and `keyFile` prove who we are. */
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

const CONNECTION_TIMEOUT_MS = 3_000;
/** A request without an answer for so long has failed; kafkajs waits longer by itself where Kafka may hold it back. */
const REQUEST_TIMEOUT_MS = 10_000;
const REPEAT_AFTER_MS = 60_000;

/**
 * A client of its own, and with it connections of its own. One group member must not share it with another of its
 * group: kafkajs keeps committed offsets by group in it.
 */
export function createClient(connection: KafkaConnection, logger: Logger): Kafka {
  stopIdleTimer();
  const config: KafkaConfig = {
    brokers: [...connection.brokers],
    clientId: connection.clientId ?? 'tom-flow',
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.INFO,
    logCreator: () => logTo(logger, saidTo(logger)),
    ...(connection.tls ? { ssl: tlsOf(connection.tls) } : {}),
    // a copy: kafkajs writes a closure over the password into it
    ...(connection.sasl ? { sasl: { ...connection.sasl } as SASLOptions } : {}),
  };
  return new Kafka(config);
}

function tlsOf(tls: NonNullable<KafkaConnection['tls']>) {
  const read = (file: string) => readFileSync(file, 'utf8');
  return {
    ...(tls.caFile ? { ca: [read(tls.caFile)] } : {}),
    ...(tls.certFile ? { cert: read(tls.certFile) } : {}),
    ...(tls.keyFile ? { key: read(tls.keyFile) } : {}),
  };
}

/** When what was said last to a logger: all clients of a process together, for a member gets a new one at each failure. */
const saidBefore = new WeakMap<Logger, Map<string, number>>();

function saidTo(logger: Logger): Map<string, number> {
  const said = saidBefore.get(logger) ?? new Map<string, number>();
  saidBefore.set(logger, said);
  return said;
}

/**
 * kafkajs's log in ours. While a broker is away it says the same at every attempt: once a minute is enough. Its errors
 * are warnings here, for all of them are tried again; what lasts is reported by the member itself.
 */
function logTo(logger: Logger, said: Map<string, number>): (entry: LogEntry) => void {
  return ({ level, namespace, log }) => {
    if (level > logLevel.WARN) return logger.debug({ from: `kafkajs ${namespace}` }, log.message);
    const text = `${namespace} ${log.message}`;
    const now = performance.now();
    if (now - (said.get(text) ?? -Infinity) < REPEAT_AFTER_MS) return;
    if (said.size > 200) said.clear();
    said.set(text, now);
    const { groupId, broker, error, topic, partition } = log as Record<string, unknown>;
    const text_ = typeof error === 'string' ? { error } : {};
    logger.warn({ from: `kafkajs ${namespace}`, groupId, broker, topic, partition, ...text_ }, log.message);
  };
}

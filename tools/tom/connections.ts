import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerConfig, brokerEntries, createBrokerAdmin, type BrokerAdmin, type BrokerConfig } from '@tom/messaging';
import { createDatabase, isTransient, type Database } from '@tom/postgres';
import { connectionsFile } from '../stack/connections-file.ts';
import { services } from '../stack/system.ts';
import { CommandError, UsageError } from './errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A service as an operator knows it: its name is that of its consumer group too. */
export const serviceNames = services.map(({ app }) => app);
export type ServiceName = (typeof serviceNames)[number];

/** The databases of the system, opened when they are first needed. */
export interface Connections {
  database(service: ServiceName): Database;
  log(): BrokerAdmin;
  close(): Promise<void>;
}

const EVENT_LOG_URL = 'EVENT_LOG_URL';
const KAFKA_BROKERS = 'KAFKA_BROKERS';

/** `STAGE_DATABASE_URL` for stage-service. */
export function variableOf(service: ServiceName): string {
  return `${service.replace('-service', '').toUpperCase()}_DATABASE_URL`;
}

/** The service with this name; throws a UsageError that names all. */
export function serviceNamed(name: string): ServiceName {
  const found = serviceNames.find((service) => service === name || service === `${name}-service`);
  if (!found) throw new UsageError(`'${name}' is no service: expected one of ${serviceNames.join(', ')}`);
  return found;
}

/**
 * Finds the system: each variable of the environment (or `<NAME>_FILE`) first, then what the local system that runs on
 * the data folder wrote there.
 */
export function createConnections(environment: Environment, dataDir: string): Connections {
  const databases = new Map<ServiceName, Database>();
  const file = join(dataDir, connectionsFile);
  let admin: BrokerAdmin | undefined;
  let running: Readonly<Record<string, unknown>> | undefined;

  function urlOf(name: string): string {
    const given = environment[name] || fromFile(environment[`${name}_FILE`], name);
    if (given) return checked(given, name);
    running ??= readRunning(file);
    const written = running[name];
    if (typeof written === 'string') return checked(written, name);
    throw new CommandError(`${name} is not set, and no local system runs on ${dataDir} (npm start, or set TOM_DATA_DIR)`);
  }

  /** Kafka where its nodes are named, in the environment or by the local system; else the log in Postgres. */
  function logConfig(): BrokerConfig {
    if (environment[KAFKA_BROKERS]) return kafkaConfig(environment);
    if (!environment[EVENT_LOG_URL] && !environment[`${EVENT_LOG_URL}_FILE`]) {
      const written = (running ??= existsSync(file) ? readRunning(file) : {})[KAFKA_BROKERS];
      if (typeof written === 'string') return kafkaConfig({ KAFKA_BROKERS: written });
    }
    return { kind: 'postgres', connectionString: urlOf(EVENT_LOG_URL) };
  }

  return {
    database(service) {
      const known = databases.get(service);
      if (known) return known;
      const connectionString = urlOf(variableOf(service));
      const made = createDatabase({ connectionString, applicationName: 'tom (operator)', maxConnections: 2 });
      databases.set(service, made);
      return made;
    },
    log: () => (admin ??= createBrokerAdmin(logConfig())),
    async close() {
      await Promise.all([...databases.values(), ...(admin ? [admin] : [])].map((one) => one.close()));
    },
  };
}

/** The settings of Kafka as the services read them. */
function kafkaConfig(environment: Environment): BrokerConfig {
  const { eventLogUrl: _url, topics: _topics, ...kafka } = brokerEntries;
  const values = Object.entries(kafka).flatMap(([name, { env, parse }]) => {
    const text = environment[env] || fromFile(environment[`${env}_FILE`], env);
    if (!text) return [];
    try {
      return [[name, parse(text)] as const];
    } catch (error) {
      throw new CommandError(`${env} must be ${(error as Error).message}`);
    }
  });
  return brokerConfig(Object.fromEntries(values));
}

/** What went wrong at a database, in words for the operator; anything else is a fault of ours and thrown on. */
export function explain(error: unknown, what: string): CommandError {
  const { code, message } = error as { code?: string; message?: string };
  if (code === '42P01') return new CommandError(`${what} lacks a table: the service has not been started with this version`);
  if (code === '28P01' || code === '28000' || code === '3D000' || code === '42501')
    return new CommandError(`${what} refuses us: ${message ?? code}`);
  if (isTransient(error)) return new CommandError(`${what} cannot be reached: ${message || code || 'no answer'}`);
  throw error;
}

function fromFile(path: string | undefined, name: string): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CommandError(`the file that ${name}_FILE names cannot be read: ${(error as Error).message}`);
  }
}

function checked(url: string, name: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
    throw new CommandError(`${name} is not a Postgres URL`);
  return url;
}

function readRunning(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`);
  }
  throw new CommandError(`${file} does not hold what it should`);
}

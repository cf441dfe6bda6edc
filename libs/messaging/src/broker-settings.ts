import { existsSync } from 'node:fs';
import type { BrokerConfig } from './create-broker.ts';
import type { KafkaConnection } from './kafka-broker/client.ts';
import { readTopics, type TopicDeclaration } from './topics-file.ts';

/** What is set for the log of events: Kafka's nodes, or else the URL of the log in Postgres. */
export interface BrokerSettings {
  readonly eventLogUrl?: string | undefined;
  readonly kafkaBrokers?: readonly string[] | undefined;
  readonly kafkaTls?: boolean | undefined;
  readonly kafkaTlsCaFile?: string | undefined;
  readonly kafkaTlsCertFile?: string | undefined;
  readonly kafkaTlsKeyFile?: string | undefined;
  readonly kafkaSaslMechanism?: 'plain' | 'scram-sha-512' | undefined;
  readonly kafkaSaslUsername?: string | undefined;
  readonly kafkaSaslPassword?: string | undefined;
  readonly kafkaClientId?: string | undefined;
  readonly kafkaGroupPrefix?: string | undefined;
  readonly topics?: readonly TopicDeclaration[] | undefined;
}

const HOST_AND_PORT = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})$/;
const NAME = /^[a-zA-Z0-9._-]{1,100}$/;

function addresses(text: string): readonly string[] {
  const list = text.split(',').map((one) => one.trim());
  for (const one of list) {
    const port = Number(HOST_AND_PORT.exec(one)?.[1]);
    if (!(port >= 1 && port <= 65_535)) throw new Error('host:port, or several with commas between them');
  }
  return list;
}

function postgresUrl(text: string): string {
  if (URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol)) return text;
  throw new Error('a URL starting with postgres:// or postgresql://');
}

function onOrOff(text: string): boolean {
  if (/^(1|true|on|yes)$/i.test(text)) return true;
  if (/^(0|false|off|no)$/i.test(text)) return false;
  throw new Error('on or off');
}

function file(text: string): string {
  if (existsSync(text)) return text;
  throw new Error('a file that exists');
}

function name(text: string): string {
  if (NAME.test(text)) return text;
  throw new Error('1 to 100 letters, digits, dots, dashes or underscores');
}

function mechanism(text: string): 'plain' | 'scram-sha-512' {
  if (text === 'plain' || text === 'scram-sha-512') return text;
  throw new Error('one of plain, scram-sha-512');
}

const words = (text: string): string => text;

/** The settings of the log, to be spread into a process's `defineConfig`. */
export const brokerEntries = {
  eventLogUrl: { meaning: 'Postgres URL of the event log; not needed with Kafka', env: 'EVENT_LOG_URL', parse: postgresUrl, secret: true, optional: true },
  kafkaBrokers: { meaning: 'nodes of Kafka, host:port with commas; they replace the event log in Postgres', env: 'KAFKA_BROKERS', parse: addresses, optional: true },
  kafkaTls: { meaning: 'whether Kafka is spoken to over TLS', env: 'KAFKA_TLS', parse: onOrOff, optional: true },
  kafkaTlsCaFile: { meaning: 'PEM file of the authority that signed the nodes; else the system’s', env: 'KAFKA_TLS_CA_FILE', parse: file, optional: true },
  kafkaTlsCertFile: { meaning: 'PEM file of our certificate', env: 'KAFKA_TLS_CERT_FILE', parse: file, optional: true },
  kafkaTlsKeyFile: { meaning: 'PEM file of its private key', env: 'KAFKA_TLS_KEY_FILE', parse: file, optional: true },
  kafkaSaslMechanism: { meaning: 'how we sign in to Kafka', env: 'KAFKA_SASL_MECHANISM', parse: mechanism, optional: true },
  kafkaSaslUsername: { meaning: 'name for that', env: 'KAFKA_SASL_USERNAME', parse: words, optional: true },
  kafkaSaslPassword: { meaning: 'password for that', env: 'KAFKA_SASL_PASSWORD', parse: words, secret: true, optional: true },
  kafkaClientId: { meaning: 'what Kafka’s own log calls us', env: 'KAFKA_CLIENT_ID', parse: name, optional: true },
  kafkaGroupPrefix: { meaning: 'put before the names of our consumer groups', env: 'KAFKA_GROUP_PREFIX', parse: name, optional: true },
  topics: { meaning: 'declared topics, deploy/topics.yaml', env: 'TOPICS_FILE', parse: readTopics, optional: true },
} as const;

/** What the settings of the log must be together, for `defineConfig`; checked unless one of them is wrong in itself. */
export const brokerChecks: readonly {
  readonly of: readonly (keyof BrokerSettings)[];
  problem(settings: BrokerSettings): string | undefined;
}[] = [
  {
    of: ['eventLogUrl', 'kafkaBrokers'],
    problem: ({ eventLogUrl, kafkaBrokers }) =>
      eventLogUrl || kafkaBrokers ? undefined : 'KAFKA_BROKERS or EVENT_LOG_URL (where the log of events is) is missing; EVENT_LOG_URL_FILE may name a file',
  },
  {
    of: ['kafkaTls', 'kafkaTlsCaFile', 'kafkaTlsCertFile', 'kafkaTlsKeyFile'],
    problem: ({ kafkaTls, kafkaTlsCaFile, kafkaTlsCertFile, kafkaTlsKeyFile }) =>
      !kafkaTls && (kafkaTlsCaFile || kafkaTlsCertFile || kafkaTlsKeyFile) ? 'KAFKA_TLS must be on for KAFKA_TLS_*_FILE to be used' : undefined,
  },
  {
    of: ['kafkaTlsCertFile', 'kafkaTlsKeyFile'],
    problem: ({ kafkaTlsCertFile, kafkaTlsKeyFile }) =>
      !kafkaTlsCertFile !== !kafkaTlsKeyFile ? 'KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE must be given together' : undefined,
  },
  {
    of: ['kafkaSaslMechanism', 'kafkaSaslUsername', 'kafkaSaslPassword'],
    problem: ({ kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword }) => {
      const given = [kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword].filter((one) => one !== undefined).length;
      return given === 1 || given === 2
        ? 'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD (or KAFKA_SASL_PASSWORD_FILE) must be given together'
        : undefined;
    },
  },
];

/** The broker that the settings mean: Kafka where its nodes are named, else the log in Postgres. Throws when neither is. */
export function brokerConfig(settings: BrokerSettings): BrokerConfig {
  const topics = Object.fromEntries((settings.topics ?? []).map(({ name, partitions }) => [name, { partitions }]));
  if (settings.kafkaBrokers) {
    const { kafkaClientId: clientId, kafkaGroupPrefix: groupPrefix } = settings;
    return {
      kind: 'kafka',
      topics,
      ...kafkaConnection(settings, settings.kafkaBrokers),
      ...(clientId ? { clientId } : {}),
      ...(groupPrefix ? { groupPrefix } : {}),
    };
  }
  if (settings.eventLogUrl) return { kind: 'postgres', connectionString: settings.eventLogUrl, topics };
  throw new Error('neither KAFKA_BROKERS nor EVENT_LOG_URL is set');
}

function kafkaConnection(settings: BrokerSettings, brokers: readonly string[]): KafkaConnection {
  const { kafkaTlsCaFile: caFile, kafkaTlsCertFile: certFile, kafkaTlsKeyFile: keyFile } = settings;
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSaslPassword: password } = settings;
  const tls = { ...(caFile ? { caFile } : {}), ...(certFile ? { certFile } : {}), ...(keyFile ? { keyFile } : {}) };
  return {
    brokers,
    ...(settings.kafkaTls ? { tls } : {}),
    ...(mechanism && username !== undefined && password !== undefined ? { sasl: { mechanism, username, password } } : {}),
  };
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerConfig } from '@tom/messaging';
import { ConfigError, loadConfig } from '@tom/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { configDefinition } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tom-log-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const brokerOf = (environment: Record<string, string>) => brokerConfig(loadConfig(configDefinition, environment));

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(configDefinition, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('where the log of events is', () => {
  it('is Postgres when its URL is given, and Kafka when its nodes are', () => {
    const postgres = { EVENT_LOG_URL: 'postgres://a/b' };
    expect(brokerOf(postgres)).toEqual({ kind: 'postgres', connectionString: 'postgres://a/b', topics: {} });
    expect(brokerOf({ ...postgres, KAFKA_BROKERS: 'one:9092, two:9093' })).toEqual({
      kind: 'kafka',
      brokers: ['one:9092', 'two:9093'],
      topics: {},
    });
  });

  it('takes every setting of Kafka, the password from a file', () => {
    const ca = file('ca.pem', 'x');
    const topics = file('topics.yaml', `defaults: { partitions: 4, replication: 1, minInSync: 1, retentionDays: 7, maxMessageBytes: 1048576, cleanup: delete }\ntopics: { a.v1: {} }`);
    expect(
      brokerOf({
        KAFKA_BROKERS: '[::1]:9092',
        KAFKA_TLS: 'on',
        KAFKA_TLS_CA_FILE: ca,
        KAFKA_TLS_CERT_FILE: ca,
        KAFKA_TLS_KEY_FILE: ca,
        KAFKA_SASL_MECHANISM: 'scram-sha-512',
        KAFKA_SASL_USERNAME: 'tom',
        KAFKA_SASL_PASSWORD_FILE: file('password', 'geheim\n'),
        KAFKA_CLIENT_ID: 'gateway-1',
        KAFKA_GROUP_PREFIX: 'test.',
        TOPICS_FILE: topics,
      }),
    ).toEqual({
      kind: 'kafka',
      brokers: ['[::1]:9092'],
      tls: { caFile: ca, certFile: ca, keyFile: ca },
      sasl: { mechanism: 'scram-sha-512', username: 'tom', password: 'geheim' },
      clientId: 'gateway-1',
      groupPrefix: 'test.',
      topics: { 'a.v1': { partitions: 4 } },
    });
  });

  it('must be given', () => {
    expect(problemsOf({})).toEqual(['KAFKA_BROKERS or EVENT_LOG_URL (where the log of events is) is missing; EVENT_LOG_URL_FILE may name a file']);
  });

  it('names everything that is wrong at once, and no secret', () => {
    const problems = problemsOf({
      KAFKA_BROKERS: 'one',
      KAFKA_TLS: 'perhaps',
      KAFKA_TLS_CERT_FILE: file('cert.pem', 'x'),
      KAFKA_TLS_CA_FILE: join(folder, 'missing.pem'),
      KAFKA_SASL_USERNAME: 'tom',
      KAFKA_SASL_PASSWORD: 'geheim',
      KAFKA_GROUP_PREFIX: 'a b',
      TOPICS_FILE: file('bad.yaml', 'hello'),
      PORT: 'x',
    });
    const words = [
      /^PORT .* must be an integer/,
      /^KAFKA_BROKERS .* must be host:port, or several with commas between them, not 'one'/,
      /^KAFKA_TLS .* must be on or off/,
      /^KAFKA_TLS_CA_FILE .* must be a file that exists/,
      /^KAFKA_GROUP_PREFIX .* must be 1 to 100 letters/,
      /^TOPICS_FILE .* must be a file of topics without mistakes/,
      /^KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE must be given together/,
      /^KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD .* must be given together/,
    ];
    expect(problems).toHaveLength(words.length);
    for (const [index, word] of words.entries()) expect(problems[index]).toMatch(word);
    expect(problems.join()).not.toContain('geheim');
  });

  it('wants TLS on for its files to be used', () => {
    const ca = file('ca2.pem', 'x');
    expect(problemsOf({ KAFKA_BROKERS: 'a:1', KAFKA_TLS_CA_FILE: ca })).toEqual(['KAFKA_TLS must be on for KAFKA_TLS_*_FILE to be used']);
  });
});

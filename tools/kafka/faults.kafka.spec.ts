import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerChecks, brokerConfig, brokerEntries, createBroker, createKafkaBroker, ensureTopics, type Broker, type TopicDeclaration } from '@tom/messaging';
import { eventually } from '@tom/messaging/testing';
import { systemClock } from '@tom/kernel';
import { createLogger, defineConfig, loadConfig } from '@tom/runtime';
import { makeTestAuthority } from '@tom/runtime/testing/certificates';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../embedded-postgres/index.ts';
import { startTemporaryKafka, type LocalKafka } from './index.ts';
import { createHangingProxy, type HangingProxy } from './testing-hanging-proxy.ts';

const topic = 'tom.test.events.v1';
const declared: TopicDeclaration = {
  name: topic, partitions: 4, replication: 1, minInSync: 1, retentionDays: 1, maxMessageBytes: 1_048_576, cleanup: 'delete', consumers: [],
};
const message = (n: number) => ({ topic, key: `key-${n % 5}`, headers: {}, value: String(n) });

describe('a Kafka that hangs', () => {
  let proxy: HangingProxy;
  let kafka: LocalKafka;
  let broker: Broker;
  const said: string[] = [];
  const hear = (_fields: object, text: string) => void said.push(text);
  const logger = { debug: () => undefined, info: hear, warn: (fields: object, text: string) => said.push(`${text} ${JSON.stringify(fields)}`), error: hear };

  beforeEach(async () => {
    const port = await freePort();
    proxy = await createHangingProxy(() => port);
    const advertised = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxy.port}` };
    kafka = await startTemporaryKafka({ port, settings: advertised });
    await ensureTopics({ brokers: [kafka.brokers] }, [declared]);
    broker = createKafkaBroker({ brokers: [`127.0.0.1:${proxy.port}`], sessionMs: 3_000, stalledMs: 3_000, logger });
  }, 60_000);
  afterEach(async () => {
    await broker.close();
    await proxy.close();
    await kafka.stop();
  });

  it('has its consumers replaced, which go on by themselves when it answers again', async () => {
    const got = new Set<string>();
    const onBatch = async (batch: readonly { value: string }[]) => batch.forEach(({ value }) => got.add(value));
    await broker.subscribe({ group: 'g', topics: [topic], batchSize: 50, fromBeginning: true, onBatch });
    await broker.publish([1, 2, 3].map(message));
    await eventually('delivery', () => got.size === 3);
    proxy.hang();
    await eventually('the watchdog', () => said.some((text) => text.includes('no sign of life')), 20_000);
    expect(broker.health()).toMatchObject([{ group: 'g', problem: expect.any(String) as string }]);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    proxy.goOn();
    await eventually('publishing', () => broker.publish([4, 5].map(message)).then(() => true, () => false), 30_000);
    await eventually('the rest', () => got.size === 5, 45_000);
    await eventually('health', () => broker.health()[0]?.failingForMs === 0);
    expect(said).toContain('the member works again');
  }, 150_000);
});

describe('a Kafka that wants to know who we are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tom-kafka-tls-'));
  let kafka: LocalKafka | undefined;
  afterEach(() => kafka?.stop());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is reached over TLS with SCRAM, and lets nobody else in', async () => {
    const store = join(folder, 'server.p12');
    const caFile = join(folder, 'ca.pem');
    const keytool = (...args: string[]) => execFileSync('keytool', [...args, '-keystore', store, '-storepass', 'for-tests'], { stdio: 'pipe' });
    keytool('-genkeypair', '-alias', 'server', '-keyalg', 'EC', '-storetype', 'PKCS12', '-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1', '-validity', '2');
    keytool('-exportcert', '-rfc', '-alias', 'server', '-file', caFile);
    const secured = await freePort();
    const [port, controllerPort] = [await freePort(), await freePort()];
    kafka = await startTemporaryKafka({
      port,
      controllerPort,
      scramUsers: { tom: 'geheim' },
      settings: {
        listeners: `PLAINTEXT://127.0.0.1:${port},SECURED://127.0.0.1:${secured},CONTROLLER://127.0.0.1:${controllerPort}`,
        'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},SECURED://127.0.0.1:${secured}`,
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL,CONTROLLER:PLAINTEXT',
        'sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
        'listener.name.secured.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
        'listener.name.secured.plain.sasl.jaas.config':
          'org.apache.kafka.common.security.plain.PlainLoginModule required user_plain="offen";',
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': store,
        'ssl.keystore.password': 'for-tests',
      },
    });
    const brokers = [`127.0.0.1:${secured}`];
    const tls = { caFile };
    const scram = { mechanism: 'scram-sha-512', username: 'tom', password: 'geheim' } as const;
    await ensureTopics({ brokers, tls, sasl: scram }, [declared]);
    for (const sasl of [scram, { mechanism: 'plain', username: 'plain', password: 'offen' } as const]) {
      const broker = createKafkaBroker({ brokers, tls, sasl });
      const got: string[] = [];
      const onBatch = async (batch: readonly { value: string }[]) => void got.push(...batch.map(({ value }) => value));
      await broker.subscribe({ group: sasl.mechanism, topics: [topic], batchSize: 50, fromBeginning: true, onBatch });
      await broker.publish([message(1)]);
      const reader = await broker.reader({ topics: [topic], from: 'start' });
      expect((await reader.next({ waitMs: 10_000 })).length).toBeGreaterThan(0);
      await reader.close();
      await eventually('delivery', () => got.includes('1'), 20_000);
      await broker.close();
    }
    const refused = [
      createKafkaBroker({ brokers, tls, sasl: { ...scram, password: 'falsch' } }),
      createKafkaBroker({ brokers, tls }),
      createKafkaBroker({ brokers, tls: {}, sasl: scram }), // nobody but its own file vouches for its certificate
    ];
    for (const [index, broker] of refused.entries()) {
      await expect(broker.ping(), `number ${index}`).rejects.toThrow();
      await broker.close();
    }
  }, 120_000);

  it('is reached with a certificate of ours, as the settings name it, and lets nobody else in', async () => {
    const [authority, stranger] = [await makeTestAuthority(), await makeTestAuthority()];
    try {
      const [node, ours, theirs] = [await authority.issue('node'), await authority.issue('tom-flow'), await stranger.issue('tom-flow')];
      const store = join(folder, 'node.pem');
      const pems = [node.grpcTlsKeyFile, node.grpcTlsCertFile].map((file) => readFileSync(file, 'utf8'));
      writeFileSync(store, pems.join('\n'), { mode: 0o600 });
      const [port, controllerPort, secured] = [await freePort(), await freePort(), await freePort()];
      kafka = await startTemporaryKafka({
        port,
        controllerPort,
        settings: {
          listeners: `PLAINTEXT://127.0.0.1:${port},SECURED://127.0.0.1:${secured},CONTROLLER://127.0.0.1:${controllerPort}`,
          'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},SECURED://127.0.0.1:${secured}`,
          'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SECURED:SSL,CONTROLLER:PLAINTEXT',
          'ssl.client.auth': 'required',
          'ssl.keystore.type': 'PEM',
          'ssl.keystore.location': store,
          'ssl.truststore.type': 'PEM',
          'ssl.truststore.location': authority.caFile,
        },
      });
      await ensureTopics({ brokers: [kafka.brokers] }, [declared]);
      const brokerOf = (environment: Readonly<Record<string, string>>) => {
        const settings = loadConfig(defineConfig(brokerEntries, brokerChecks as never), {
          KAFKA_BROKERS: `127.0.0.1:${secured}`,
          KAFKA_TLS: 'on',
          KAFKA_TLS_CA_FILE: authority.caFile,
          ...environment,
        });
        return createBroker(brokerConfig(settings), { clock: systemClock, logger: createLogger({ service: 'test', level: 'silent' }) });
      };
      const certificate = ({ grpcTlsCertFile, grpcTlsKeyFile }: typeof ours) => ({ KAFKA_TLS_CERT_FILE: grpcTlsCertFile, KAFKA_TLS_KEY_FILE: grpcTlsKeyFile });
      const broker = brokerOf(certificate(ours));
      await broker.publish([message(1)]);
      const reader = await broker.reader({ topics: [topic], from: 'start' });
      expect((await reader.next({ waitMs: 10_000 })).map(({ value }) => value)).toEqual(['1']);
      await reader.close();
      await broker.close();
      for (const environment of [{}, certificate(theirs)]) {
        const refused = brokerOf(environment);
        await expect(refused.ping()).rejects.toThrow();
        await refused.close();
      }
    } finally {
      authority.cleanup();
      stranger.cleanup();
    }
  }, 120_000);
});

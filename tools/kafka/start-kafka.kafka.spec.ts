import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createKafkaBroker, ensureTopics, readTopics } from '@tom/messaging';
import { eventually, readAll } from '@tom/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKafka, type LocalKafka } from './index.ts';

const root = resolve(import.meta.dirname, '../..');
const declared = readTopics(join(root, 'deploy/topics.yaml'));
const topic = 'tom.inbound.v1';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the local Kafka', () => {
  let folder: string;
  let kafka: LocalKafka;
  const dataDir = () => join(folder, 'kafka');
  const values = async () => {
    const broker = createKafkaBroker({ brokers: [kafka.brokers] });
    const all = await readAll(broker, [topic]);
    await broker.close();
    return all.map(({ value }) => value);
  };
  const publish = async (value: string) => {
    const broker = createKafkaBroker({ brokers: [kafka.brokers] });
    await broker.publish([{ topic, key: 'a', headers: {}, value }]);
    await broker.close();
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tom-kafka-test-'));
    kafka = await startKafka({ dataDir: dataDir() });
    await ensureTopics({ brokers: [kafka.brokers] }, declared);
  }, 60_000);
  afterAll(async () => {
    await kafka.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the declared topics with their settings, and makes none by itself', async () => {
    const report = await ensureTopics({ brokers: [kafka.brokers] }, declared);
    expect(report).toEqual({ nodes: 1, created: [], missing: [], different: [] });
    const broker = createKafkaBroker({ brokers: [kafka.brokers] });
    await expect(broker.publish([{ topic: 'tom.other.v1', key: 'a', headers: {}, value: '' }])).rejects.toThrow(/does not exist/);
    await broker.close();
  });

  it('keeps its messages when it is stopped, when it is killed, and on other ports', async () => {
    await publish('first');
    await kafka.stop();
    kafka = await startKafka({ dataDir: dataDir() });
    await publish('second');
    await kafka.kill();
    expect(isAlive(kafka.pid)).toBe(false);
    kafka = await startKafka({ dataDir: dataDir() });
    expect(await values()).toEqual(['first', 'second']);
  }, 120_000);

  it('stops the server that another start left on the folder', async () => {
    const orphan = kafka;
    kafka = await startKafka({ dataDir: dataDir() });
    expect(isAlive(orphan.pid)).toBe(false);
    expect(await values()).toEqual(['first', 'second']);
  }, 60_000);

  it('says which port cannot be had, and which folder is damaged', async () => {
    const other = mkdtempSync(join(tmpdir(), 'tom-kafka-test-'));
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(startKafka({ dataDir: join(other, 'kafka'), port })).rejects.toThrow(/^Kafka does not start on .*Address already in use/);
    taken.close();
    rmSync(join(other, 'kafka/log/meta.properties'));
    await expect(startKafka({ dataDir: join(other, 'kafka') })).rejects.toThrow(/is damaged: log\/meta\.properties is missing/);
    rmSync(other, { recursive: true });
  }, 120_000);

  it('is compared with the declaration by one command, which fails on a difference', async () => {
    const args = ['--conditions=@tom/source', '--import', 'tsx', join(import.meta.dirname, 'topics.ts'), '--check'];
    const run = async (environment: Record<string, string>) => {
      const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      return { code, output };
    };
    expect(await run({ KAFKA_BROKERS: kafka.brokers })).toMatchObject({
      code: 0,
      output: expect.stringMatching(/\d+ topics declared, 0 created, 0 missing, 0 differences/) as string,
    });
    await ensureTopics({ brokers: [kafka.brokers] }, []);
    expect(await run({ KAFKA_BROKERS: 'here' })).toMatchObject({ code: 1, output: expect.stringMatching(/KAFKA_BROKERS .* must be host:port/) as string });
    expect(await run({ EVENT_LOG_URL: 'postgres://a/b' })).toMatchObject({ code: 1, output: expect.stringMatching(/^error: KAFKA_BROKERS is not set/) as string });
  }, 60_000);
});

describe('a temporary Kafka', () => {
  it('goes with its parent, also when that is killed', async () => {
    const code = `
      const { startTemporaryKafka } = await import('./tools/kafka/index.ts');
      const { pid } = await startTemporaryKafka();
      console.log(pid);`;
    const parent = spawn(process.execPath, ['--conditions=@tom/source', '--import', 'tsx', '--input-type=module', '-e', code], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const properties = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').find((arg) => arg.endsWith('server.properties')) ?? '';
    expect(existsSync(properties)).toBe(true);
    parent.kill('SIGKILL');
    await eventually('its end', () => !isAlive(pid) && !existsSync(properties), 30_000);
  }, 90_000);
});

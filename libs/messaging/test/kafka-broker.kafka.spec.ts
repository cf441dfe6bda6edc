import { newId } from '@tom/kernel';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureTopics, partitionOf, type Broker, type IncomingMessage, type TopicDeclaration } from '../src/index.ts';
import { eventually } from '../src/testing.ts';
import { connectTestKafka, testBrokers, type TestKafka } from './kafka-harness.ts';

describe('Kafka behind the seam', () => {
  let kafka: TestKafka;
  let topic: string;
  let group: string;
  const said: { fields: object; text: string }[] = [];
  const hear = (fields: object, text: string) => void said.push({ fields, text });
  const logger = { debug: () => undefined, info: hear, warn: hear, error: hear };

  beforeAll(async () => {
    kafka = await connectTestKafka();
  });
  afterAll(() => kafka.cleanup());
  beforeEach(() => {
    topic = `tom.test-${newId()}.events.v1`;
    group = `group-${newId()}`;
    said.splice(0);
  });

  const messages = (numbers: readonly number[], key = 'a') =>
    numbers.map((n) => ({ topic, key, headers: {}, value: String(n) }));

  function collect(broker: Broker, into: IncomingMessage[][], options: { batchSize?: number; topics?: string[] } = {}) {
    const { batchSize = 200, topics = [topic] } = options;
    return broker.subscribe({ group, topics, batchSize, fromBeginning: true, onBatch: async (batch) => void into.push([...batch]) });
  }

  it('refuses to publish to a topic that does not exist, says how to make it, and does when it is there', async () => {
    const broker = kafka.connect();
    await expect(broker.publish(messages([1]))).rejects.toThrow(
      `topic ${topic} does not exist; create it with "npm run kafka:topics" (deploy/topics.yaml)`,
    );
    await kafka.createTopic(topic);
    await eventually('publishing', () => broker.publish(messages([1])).then(() => true, () => false));
    const reader = await broker.reader({ topics: [topic], from: 'start' });
    expect((await reader.next({ waitMs: 5_000 })).map(({ value }) => value)).toContain('1');
    await reader.close();
  });

  it('waits for a topic that does not exist, says so once, and reads it when it is there', async () => {
    const broker = kafka.connect({ logger });
    const got: IncomingMessage[][] = [];
    const member = await collect(broker, got);
    const named = expect.stringContaining(`topic ${topic} does not exist`) as string;
    await eventually('the warning', () => said.some(({ text }) => text === 'a topic is missing; the member waits for it'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(said.filter(({ text }) => text.startsWith('a topic is missing'))).toMatchObject([{ fields: { error: named } }]);
    expect(broker.health()).toMatchObject([{ group, problem: named }]);
    expect(broker.health()[0]?.failingForMs).toBeGreaterThan(1_000);
    await expect(broker.reader({ topics: [topic], from: 'end' })).rejects.toThrow(`topic ${topic} does not exist`);
    await kafka.createTopic(topic);
    await kafka.connect().publish(messages([1]));
    await eventually('delivery', () => got.flat().length === 1, 15_000);
    expect(broker.health()).toEqual([{ group, failingForMs: 0 }]);
    await member.stop();
    expect(broker.health()).toEqual([]);
  });

  it('goes on when its topic was deleted and made again', async () => {
    await kafka.createTopic(topic);
    const broker = kafka.connect({ logger });
    const got: IncomingMessage[][] = [];
    await collect(broker, got);
    await broker.publish(messages([1]));
    await eventually('delivery', () => got.flat().length === 1);
    await kafka.deleteTopic(topic);
    await eventually('the failure', () => (broker.health()[0]?.failingForMs ?? 0) > 0, 20_000);
    await kafka.createTopic(topic);
    await kafka.connect().publish(messages([2]));
    await eventually('delivery', () => got.flat().some(({ value }) => value === '2'), 20_000);
  }, 60_000);

  it('says which topics for dead letters are missing, and which have other partitions than declared', async () => {
    await kafka.createTopic(topic, 3);
    const broker = kafka.connect({ logger, topics: { [topic]: { partitions: 8 } } });
    const member = await collect(broker, []);
    await eventually('joining', () => broker.health()[0]?.failingForMs === 0);
    expect(said.map(({ text }) => text)).toEqual([
      'a topic has not as many partitions as declared',
      'the topic for copies of dead letters does not exist',
    ]);
    await member.stop();
  });

  it('hands over messages of several partitions and topics together', async () => {
    const other = `${topic}.b`;
    await kafka.createTopic(topic);
    await kafka.createTopic(other);
    const broker = kafka.connect();
    const keys = Array.from({ length: 40 }, () => newId());
    await broker.publish([...keys, ...keys].map((key, n) => ({ topic: n < 40 ? topic : other, key, headers: {}, value: '' })));
    const got: IncomingMessage[][] = [];
    const member = await collect(broker, got, { topics: [topic, other] });
    await eventually('delivery', () => got.flat().length === 80);
    expect(got.length).toBeLessThanOrEqual(3);
    await member.stop();
  });

  it('never hands over more than a batch, and goes through a backlog in order', async () => {
    await kafka.createTopic(topic);
    const broker = kafka.connect();
    for (let n = 0; n < 5; n += 1) {
      await broker.publish(Array.from({ length: 500 }, (_entry, index) => messages([n * 500 + index], `key-${index % 25}`)).flat());
    }
    const got: IncomingMessage[][] = [];
    const member = await collect(broker, got, { batchSize: 70 });
    await eventually('delivery', () => got.flat().length >= 2_500, 20_000);
    expect(Math.max(...got.map(({ length }) => length))).toBe(70);
    for (let key = 0; key < 25; key += 1) {
      const values = got.flat().filter((one) => one.key === `key-${key}`).map(({ value }) => Number(value));
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(values).toHaveLength(100);
    }
    await member.stop();
  });

  it('publishes what is more than Kafka takes in one batch', async () => {
    await kafka.createTopic(topic);
    const broker = kafka.connect();
    await broker.publish(Array.from({ length: 40 }, (_entry, n) => ({ topic, key: 'a', headers: {}, value: String(n).padEnd(100_000, '.') })));
    const reader = await broker.reader({ topics: [topic], from: 'start' });
    const got: number[] = [];
    while (got.length < 40) got.push(...(await reader.next({ waitMs: 5_000 })).map(({ value }) => Number.parseInt(value, 10)));
    expect(got).toEqual(Array.from({ length: 40 }, (_entry, n) => n));
    await reader.close();
  });

  it('reads on at what is left when the retention has passed a position or a group', async () => {
    await kafka.createTopic(topic, 1);
    const broker = kafka.connect({ logger });
    await broker.publish(messages([0, 1, 2, 3, 4]));
    const before: IncomingMessage[][] = [];
    const member = await collect(broker, before);
    await eventually('delivery', () => before.flat().length === 5);
    await member.stop();
    await broker.publish(messages([5, 6, 7, 8]));
    const admin = new Kafka({ brokers: [...testBrokers()], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.fetchTopicOffsets(topic); // kafkajs looks for the leader only where it has seen the topic
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '7' }] });
    await admin.disconnect();
    const reader = await broker.reader({ topics: [topic], from: { [topic]: { 0: '2' } } });
    expect((await reader.next({ waitMs: 5_000 })).map(({ value }) => value)).toEqual(['7', '8']);
    await reader.close();
    expect(await broker.lag(group)).toMatchObject([{ offset: '7', end: '9', lag: 2 }]);
    const after: IncomingMessage[][] = [];
    await collect(broker, after);
    await eventually('delivery', () => after.flat().length === 2, 20_000);
    expect(after.flat().map(({ value }) => value)).toEqual(['7', '8']);
  }, 60_000);

  it('makes texts of whatever others wrote', async () => {
    await kafka.createTopic(topic);
    const foreign = new Kafka({ brokers: [...testBrokers()], logLevel: logLevel.NOTHING }).producer({ createPartitioner: () => () => 0 });
    await foreign.connect();
    await foreign.send({ topic, messages: [{ key: null, value: null }, { key: 'k', value: Buffer.from([0xff]), headers: { a: ['1', '2'], b: Buffer.from('ü') } }] });
    await foreign.disconnect();
    const reader = await kafka.connect().reader({ topics: [topic], from: 'start' });
    expect(await reader.next({ waitMs: 5_000 })).toMatchObject([
      { key: '', value: '', headers: {} },
      { key: 'k', value: '\ufffd', headers: { a: '2', b: 'ü' } },
    ]);
    await reader.close();
  });

  it('keeps groups apart by their prefix', async () => {
    await kafka.createTopic(topic);
    const [one, two] = [kafka.connect(), kafka.connect({ groupPrefix: 'other.' })];
    await one.publish(messages([1]));
    const got: IncomingMessage[][][] = [[], []];
    await Promise.all([collect(one, got[0] ?? []), collect(two, got[1] ?? [])]);
    await eventually('both', () => got.every((mine) => mine.flat().length === 1));
    await eventually('commits', async () => (await two.lag(group)).some(({ offset }) => offset === '1'));
  });

  it('hands a batch over again when its handler throws', async () => {
    await kafka.createTopic(topic);
    const broker = kafka.connect();
    let calls = 0;
    const done: string[] = [];
    await broker.subscribe({
      group,
      topics: [topic],
      batchSize: 10,
      fromBeginning: true,
      onBatch: async (batch) => {
        calls += 1;
        if (calls < 3) throw new Error('not yet');
        done.push(...batch.map(({ value }) => value));
      },
    });
    await broker.publish(messages([1, 2, 3]));
    await eventually('delivery', () => done.length === 3);
    expect(done).toEqual(['1', '2', '3']);
  });

  it('waits long for a handler without losing its partitions', async () => {
    await kafka.createTopic(topic);
    const broker = kafka.connect();
    const got: string[] = [];
    let calls = 0;
    const slow = (name: string) => ({
      group,
      topics: [topic],
      batchSize: 10,
      fromBeginning: true as const,
      onBatch: async (batch: readonly IncomingMessage[]) => {
        calls += 1;
        await new Promise((resolve) => setTimeout(resolve, calls === 1 ? 7_000 : 0)); // more than two sessions
        got.push(...batch.map(({ value }) => `${name} ${value}`));
      },
    });
    await broker.subscribe(slow('one'));
    await broker.publish(messages([1]));
    await eventually('the first', () => got.length === 1, 15_000);
    await broker.publish(messages([2]));
    await eventually('the second', () => got.length >= 2);
    expect(got).toEqual(['one 1', 'one 2']);
  }, 40_000);

  it('makes declared topics once, and tells what is not as declared', async () => {
    const declared: TopicDeclaration = {
      name: topic, partitions: 5, replication: 3, minInSync: 2, retentionDays: 7, maxMessageBytes: 2_000_000, cleanup: 'delete', consumers: [],
    };
    const connection = { brokers: testBrokers() };
    expect(await ensureTopics(connection, [declared], { make: false })).toEqual({ nodes: 1, created: [], missing: [topic], different: [] });
    expect(await ensureTopics(connection, [declared])).toEqual({ nodes: 1, created: [topic], missing: [], different: [] });
    expect(await ensureTopics(connection, [declared])).toEqual({ nodes: 1, created: [], missing: [], different: [] });
    const wished = { ...declared, partitions: 8, retentionDays: 30, cleanup: 'compact' as const };
    expect((await ensureTopics(connection, [wished])).different).toEqual([
      { topic, setting: 'partitions', is: '5', declared: '8' },
      { topic, setting: 'cleanup.policy', is: 'delete', declared: 'compact' },
      { topic, setting: 'retention.ms', is: '604800000', declared: '2592000000' },
    ]);
    await kafka.deleteTopic(topic);
  });

  it('chooses the partition that Java would', async () => {
    await kafka.createTopic(topic, 12);
    const broker = kafka.connect();
    const keys = ['', 'ü', ...Array.from({ length: 30 }, () => newId())];
    await broker.publish(keys.map((key) => ({ topic, key, headers: {}, value: '' })));
    const reader = await broker.reader({ topics: [topic], from: 'start' });
    for (const { key, partition } of await reader.next({ waitMs: 5_000 })) expect(partition).toBe(partitionOf(key, 12));
    await reader.close();
  });
});

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { newId } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  partitionOf,
  type Broker,
  type BrokerConfig,
  type IncomingMessage,
  type OutgoingMessage,
} from '../src/index.ts';

/** What a broker's test brings: fresh brokers on one log, each like a process of its own. */
export interface BrokerFixture {
  /** How another process reaches the same log; a member that freezes must lose its partitions within 10 s. */
  readonly config: BrokerConfig;
  /** Another broker on the same log. */
  connect(): Promise<Broker>;
  /** Makes a topic of 8 partitions, where that does not happen by its first use. */
  createTopic?(topic: string): Promise<void>;
  cleanup(): Promise<void>;
}

interface MemberProcess {
  readonly seen: {
    readonly key: string;
    readonly partition: number;
    readonly offset: string;
    readonly value: string;
  }[];
  /** SIGKILL: gone without a word. SIGSTOP: frozen, its connections stay. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
}

const WITHIN = 20_000;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WITHIN;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${WITHIN} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function message(topic: string, key: string, n: number): OutgoingMessage {
  return {
    topic,
    key,
    headers: { ce_id: `${key}-${n}`, 'content-type': 'application/json' },
    value: JSON.stringify({ n }),
  };
}

function valueOf(incoming: IncomingMessage): number {
  return (JSON.parse(incoming.value) as { n: number }).n;
}

/** The promises that every broker behind the seam must keep. */
export function brokerConformance(name: string, start: () => Promise<BrokerFixture>): void {
  describe(`${name} as a broker`, () => {
    let fixture: BrokerFixture;
    let broker: Broker;
    let topic: string;
    let group: string;

    const processes: MemberProcess[] = [];

    beforeEach(async () => {
      fixture = await start();
      broker = await fixture.connect();
      topic = `tom.test-${newId()}.events.v1`;
      await fixture.createTopic?.(topic);
      group = `group-${newId()}`;
    });
    afterEach(async () => {
      for (const one of processes.splice(0)) one.signal('SIGKILL');
      await fixture.cleanup();
    });

    function startProcess(): MemberProcess {
      const script = new URL('./member-process.ts', import.meta.url).pathname;
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', '--conditions=@tom/source', script, JSON.stringify(fixture.config), group, topic],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      const seen: MemberProcess['seen'] = [];
      createInterface(child.stdout).on('line', (line) => seen.push(JSON.parse(line) as MemberProcess['seen'][number]));
      const started: MemberProcess = { seen, signal: (name) => void child.kill(name) };
      processes.push(started);
      return started;
    }

    const keyed = (keys: number, n: number) =>
      Array.from({ length: keys }, (_entry, index) => message(topic, `key-${index}`, n));

    function collect(from: Broker, into: IncomingMessage[], batchSize = 50) {
      return from.subscribe({
        group,
        topics: [topic],
        batchSize,
        fromBeginning: true,
        onBatch: async (batch) => void into.push(...batch),
      });
    }

    it('delivers every message with key, headers and value as they were, in order within its key', async () => {
      const keys = Array.from({ length: 20 }, () => newId());
      for (let n = 0; n < 10; n += 1) await broker.publish(keys.map((key) => message(topic, key, n)));
      const got: IncomingMessage[] = [];
      const member = await collect(broker, got);
      await until('delivery', () => got.length >= 200);
      for (const key of keys)
        expect(got.filter((one) => one.key === key).map(valueOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(got[0]?.headers['content-type']).toBe('application/json');
      await member.stop();
    });

    it('hands over together what comes within the pace, and the first after a while at once', async () => {
      const batches: number[][] = [];
      const member = await broker.subscribe({
        group,
        topics: [topic],
        batchSize: 50,
        paceMs: 1_500,
        fromBeginning: true,
        onBatch: async (batch) => void batches.push(batch.map(valueOf)),
      });
      await broker.publish([message(topic, 'a', 0)]);
      await until('the first', () => batches.length > 0);
      for (let n = 1; n < 5; n += 1) await broker.publish([message(topic, 'a', n)]);
      await until('the rest', () => batches.flat().length >= 5);
      expect(batches).toEqual([[0], [1, 2, 3, 4]]);
      await member.stop();
    });

    it('puts a key on the partition that Kafka would choose, with dense offsets', async () => {
      const keys = Array.from({ length: 40 }, () => newId());
      await broker.publish(keys.map((key) => message(topic, key, 0)));
      const reader = await broker.reader({ topics: [topic], from: 'start' });
      const got = await reader.next({ waitMs: WITHIN });
      expect(got).toHaveLength(40);
      for (const one of got) expect(one.partition).toBe(partitionOf(one.key, 8));
      for (let partition = 0; partition < 8; partition += 1) {
        const offsets = got.filter((one) => one.partition === partition).map(({ offset }) => Number(offset));
        expect(offsets).toEqual(offsets.map((_offset, index) => index));
      }
      await reader.close();
    });

    it('skips nothing of what concurrent publishers commit late: offsets arrive dense and in order', async () => {
      const got: IncomingMessage[] = [];
      const member = await collect(broker, got);
      const publishers = await Promise.all([fixture.connect(), fixture.connect(), fixture.connect()]);
      await Promise.all(
        publishers.map(async (publisher, index) => {
          for (let n = 0; n < 60; n += 1) await publisher.publish([message(topic, `key-${index}-${n % 7}`, n)]);
        }),
      );
      await until('all', () => got.length >= 180);
      for (const partition of new Set(got.map((one) => one.partition))) {
        const offsets = got.filter((one) => one.partition === partition).map(({ offset }) => Number(offset));
        expect(offsets).toEqual(offsets.map((_offset, index) => index));
      }
      expect(new Set(got.map(({ headers }) => headers['ce_id'])).size).toBe(180);
      await member.stop();
    });

    it('goes on where it was after a restart, and delivers again what was not committed', async () => {
      await broker.publish([message(topic, 'a', 0), message(topic, 'a', 1)]);
      const first: IncomingMessage[] = [];
      const member = await collect(broker, first);
      await until('the first delivery', () => first.length === 2);
      await member.stop();
      await broker.publish([message(topic, 'a', 2)]);
      const second: IncomingMessage[] = [];
      const again = await collect(await fixture.connect(), second);
      await until('the rest', () => second.some((one) => valueOf(one) === 2));
      expect(second.map(valueOf)).toEqual([2]);
      await again.stop();
    });

    it('shares the partitions within a group, and every group gets everything', async () => {
      const other = await fixture.connect();
      const one: IncomingMessage[] = [];
      const two: IncomingMessage[] = [];
      const members = [await collect(broker, one), await collect(other, two)];
      let n = 0;
      await until('both to have a share', async () => {
        await broker.publish(Array.from({ length: 16 }, (_entry, index) => message(topic, `key-${index}`, (n += 1))));
        await new Promise((resolve) => setTimeout(resolve, 100));
        const last = (got: IncomingMessage[]) => new Set(got.slice(-16).map(({ partition }) => partition));
        return two.length > 0 && [...last(one)].every((partition) => !last(two).has(partition)) && one.length > 0;
      });
      await Promise.all(members.map((member) => member.stop()));
    });

    it('hands the partitions of a process that was killed to those who live, and loses nothing', async () => {
      const dying = startProcess();
      await broker.publish(keyed(32, 0));
      await until('the first member to read', () => dying.seen.length > 0);
      dying.signal('SIGKILL');
      const got: IncomingMessage[] = [];
      const member = await collect(broker, got);
      await broker.publish(keyed(32, 1));
      await until('takeover', () => got.filter((one) => valueOf(one) === 1).length >= 32);
      const all = new Set([...dying.seen, ...got].map(({ key, value }) => `${key} ${value}`));
      expect(all.size).toBe(64);
      await member.stop();
    });

    it('takes the partitions of a frozen process, and shuts it out when it wakes', async () => {
      const frozen = startProcess();
      await broker.publish(keyed(16, 0));
      await until('the first member to read', () => frozen.seen.length >= 16);
      frozen.signal('SIGSTOP');
      const got: IncomingMessage[] = [];
      const member = await collect(broker, got);
      for (let n = 1; n <= 3; n += 1) await broker.publish(keyed(16, n));
      await until('takeover', () => got.filter((one) => valueOf(one) >= 1).length >= 48);
      for (const key of new Set(got.map((one) => one.key))) {
        expect(got.filter((one) => one.key === key && valueOf(one) >= 1).map(valueOf)).toEqual([1, 2, 3]);
      }
      frozen.signal('SIGCONT');
      await until('all to be committed', async () => (await broker.lag(group)).every(({ lag }) => lag === 0));
      for (let n = 4; n <= 20; n += 1) {
        await broker.publish(keyed(16, n));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const delivered = () => new Set([...frozen.seen, ...got].map(({ key, value }) => `${key} ${value}`));
      await until('everything', () => delivered().size === 21 * 16);
      await until('all to be committed', async () => (await broker.lag(group)).every(({ lag }) => lag === 0));
      await member.stop();
    });

    it('delivers again from where a handler paused, later, while other partitions go on', async () => {
      const [a = '', b = ''] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
        .sort((x, y) => partitionOf(x, 8) - partitionOf(y, 8))
        .filter((key, index, all) => index === 0 || partitionOf(key, 8) !== partitionOf(all[index - 1] ?? '', 8));
      let refusals = 0;
      const done: string[] = [];
      const member = await broker.subscribe({
        group,
        topics: [topic],
        batchSize: 50,
        fromBeginning: true,
        onBatch: async (batch) => {
          const paused = [];
          for (const one of batch) {
            if (one.key === a && refusals < 3) {
              refusals += 1;
              paused.push({ topic, partition: one.partition, offset: one.offset, retryInMs: 30 });
              continue;
            }
            done.push(one.key);
          }
          return { paused };
        },
      });
      await broker.publish([message(topic, a, 0), message(topic, b, 0)]);
      await until('both', () => done.length === 2);
      expect(done).toEqual([b, a]);
      expect(refusals).toBe(3);
      await member.stop();
    });

    it('replays a topic to a new group from its beginning', async () => {
      await broker.publish(Array.from({ length: 30 }, (_entry, n) => message(topic, 'a', n)));
      const first: IncomingMessage[] = [];
      await (async () => {
        const member = await collect(broker, first);
        await until('first', () => first.length === 30);
        await member.stop();
      })();
      group = `other-${newId()}`;
      const second: IncomingMessage[] = [];
      const member = await collect(broker, second, 7);
      await until('second', () => second.length === 30);
      expect(second.map(valueOf)).toEqual(first.map(valueOf));
      await member.stop();
    });

    it('reads without a group from the end, fixed before the reader is there, and from a position', async () => {
      await broker.publish([message(topic, 'a', 0)]);
      const reader = await broker.reader({ topics: [topic], from: 'end' });
      await broker.publish([message(topic, 'a', 1)]);
      expect((await reader.next({ waitMs: WITHIN })).map(valueOf)).toEqual([1]);
      expect(await reader.next({ waitMs: 30 })).toEqual([]);
      const resumed = await broker.reader({ topics: [topic], from: reader.position() });
      const waiting = resumed.next({ waitMs: WITHIN });
      await broker.publish([message(topic, 'a', 2)]);
      expect((await waiting).map(valueOf)).toEqual([2]);
      await Promise.all([reader.close(), resumed.close()]);
    });

    it('tells how far a group is behind', async () => {
      const got: IncomingMessage[] = [];
      const member = await collect(broker, got);
      await broker.publish([message(topic, 'a', 0), message(topic, 'a', 1)]);
      await until('delivery', () => got.length === 2);
      await member.stop();
      await broker.publish([message(topic, 'a', 2)]);
      const behind = (await broker.lag(group)).filter(({ lag }) => lag > 0);
      expect(behind).toMatchObject([{ topic, offset: '2', end: '3', lag: 1 }]);
    });
  });
}

import { newId } from '@tom/kernel';
import { sql, type Database } from '@tom/postgres';
import { createFaultProxy, createTestDatabase, terminateConnections, type TestDatabase } from '@tom/postgres/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresBroker, type Broker, type IncomingMessage, type PostgresBrokerOptions } from '../src/index.ts';
import { fetchMessages } from '../src/postgres-broker/fetch.ts';
import { shareOf } from '../src/postgres-broker/membership.ts';
import { commitOffsets } from '../src/postgres-broker/offsets.ts';
import { oldUntil, sweepLog } from '../src/postgres-broker/retention.ts';
import { eventLogMigrations } from '../src/postgres-broker/schema.ts';
import { eventually } from '../src/testing.ts';
import { brokerConformance } from './conformance.ts';

const LEASE_MS = 1_500;

brokerConformance('the event log in Postgres', async () => {
  const log = await createTestDatabase({ migrations: eventLogMigrations });
  const brokers: Broker[] = [];
  const config = { kind: 'postgres', connectionString: log.url, leaseMs: LEASE_MS } as const;
  return {
    config,
    async connect() {
      const broker = createPostgresBroker(config);
      brokers.push(broker);
      return broker;
    },
    async cleanup() {
      await Promise.all(brokers.map((broker) => broker.close()));
      await log.drop();
    },
  };
});

describe('the event log in Postgres', () => {
  let log: TestDatabase;
  const brokers: Broker[] = [];
  const topic = 'tom.thing.events.v1';

  beforeEach(async () => {
    log = await createTestDatabase({ migrations: eventLogMigrations });
  });
  afterEach(async () => {
    await Promise.all(brokers.splice(0).map((broker) => broker.close()));
    await log.drop();
  });

  function connect(options: Partial<PostgresBrokerOptions> = {}): Broker {
    const broker = createPostgresBroker({ connectionString: log.url, leaseMs: LEASE_MS, ...options });
    brokers.push(broker);
    return broker;
  }

  const messages = (numbers: readonly number[], key = 'a') =>
    numbers.map((n) => ({ topic, key, headers: {}, value: String(n) }));

  async function read(broker: Broker, group: string, size: number): Promise<string[]> {
    const seen: IncomingMessage[] = [];
    const member = await broker.subscribe({
      group,
      topics: [topic],
      batchSize: 10,
      fromBeginning: true,
      onBatch: async (batch) => void seen.push(...batch),
    });
    await eventually(`${size} messages`, () => seen.length >= size);
    await member.stop();
    return seen.map(({ value }) => value);
  }

  it('lets nobody read past an append that is not committed yet', async () => {
    const broker = connect();
    await broker.publish(messages([0]));
    const reader = await broker.reader({ topics: [topic], from: 'end' });
    const append = sql('test.append', 'select log_append($1::json, $2::int[], now())');
    const [partition] = await log.database.query<{ id: number }>(
      sql('test.p', 'select id from log_partition where next_offset = 1'),
    );
    let commit = (): void => undefined;
    const held = new Promise<void>((resolve) => (commit = resolve));
    const rows = JSON.stringify([{ p: partition?.id, n: 0, key: 'a', headers: {}, value: 'late' }]);
    let appended = (): void => undefined;
    const isAppended = new Promise<void>((resolve) => (appended = resolve));
    const late = log.database.transaction(async (tx) => {
      await tx.query(append, [rows, [partition?.id]]);
      appended();
      await held;
    });
    await isAppended;
    const behind = broker.publish(messages([2]));
    expect(await reader.next({ waitMs: 200 })).toEqual([]);
    commit();
    await Promise.all([late, behind]);
    const seen: string[] = [];
    await eventually('both', async () => {
      seen.push(...(await reader.next({ waitMs: 100 })).map(({ offset, value }) => `${offset} ${value}`));
      return seen.length >= 2;
    });
    expect(seen).toEqual(['1 late', '2 2']);
  });

  it('does not deadlock publishers whose batches touch the same partitions in other orders', async () => {
    const brokers = [connect(), connect(), connect()];
    const keys = Array.from({ length: 30 }, () => newId());
    await Promise.all(
      brokers.flatMap((broker, index) =>
        Array.from({ length: 20 }, () => {
          const order = index % 2 === 0 ? keys : [...keys].reverse();
          return broker.publish(order.flatMap((key) => messages([1], key)));
        }),
      ),
    );
    const [row] = await log.database.query<{ size: number }>(
      sql('test.size', 'select count(*) as size from log_message'),
    );
    expect(row?.size).toBe(1800);
  });

  it('publishes to nobody but wakes a reader at once, not at its safety poll', async () => {
    const broker = connect();
    const reader = await broker.reader({ topics: [topic], from: 'end' });
    await reader.next({ waitMs: 300 }); // until it listens
    const waiting = reader.next({ waitMs: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = performance.now();
    await broker.publish(messages([1]));
    expect(await waiting).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('reads a late commit of its predecessor instead of failing for ever', async () => {
    const broker = connect();
    await broker.publish(messages([0, 1, 2]));
    const [partition] = await log.database.query<{ id: number }>(
      sql('test.p3', 'select id from log_partition where next_offset = 3'),
    );
    const me = { id: newId(), group: 'g' };
    const row = sql('test.row', 'insert into log_group_partition values ($1, $2, $3, 5, $4)');
    await log.database.query(row, [me.group, partition?.id, 2, me.id]);
    const partitionId = partition?.id ?? 0;
    const commit = (expected: number, next: number, epoch = 5) =>
      commitOffsets(log.database, me, [{ partitionId, epoch, expected, next }]);
    expect(await commit(0, 3)).toEqual([{ partitionId, committed: 3 }]);
    expect(await commit(0, 1)).toEqual([{ partitionId, committed: 3 }]);
    expect(await commit(3, 4, 4)).toEqual([{ partitionId, lost: true }]);
    expect(
      await commitOffsets(log.database, { ...me, id: newId() }, [{ partitionId, epoch: 5, expected: 3, next: 4 }]),
    ).toEqual([{ partitionId, lost: true }]);
  });

  it('goes on after its connections were ended, with nothing lost', async () => {
    const broker = connect();
    const seen: string[] = [];
    await broker.subscribe({
      group: 'g',
      topics: [topic],
      batchSize: 5,
      fromBeginning: true,
      onBatch: async (batch) => void seen.push(...batch.map(({ value }) => value)),
    });
    for (let n = 0; n < 30; n += 1) {
      await eventually(`publishing ${n}`, () =>
        broker.publish(messages([n])).then(
          () => true,
          () => false,
        ),
      );
      if (n % 10 === 5) await terminateConnections(log.url);
    }
    await eventually('all', () => new Set(seen).size === 30);
    await eventually('commits', async () => (await broker.lag('g')).every(({ lag }) => lag === 0));
  });

  it('starts while the log is away, and serves when it comes', async () => {
    const proxy = await createFaultProxy(log.url);
    await proxy.cut();
    const broker = connect({ connectionString: proxy.url });
    const seen: string[] = [];
    await broker.subscribe({
      group: 'g',
      topics: [topic],
      batchSize: 5,
      fromBeginning: true,
      onBatch: async (batch) => void seen.push(...batch.map(({ value }) => value)),
    });
    await expect(broker.ping()).rejects.toThrow();
    await expect(broker.publish(messages([1]))).rejects.toThrow();
    await proxy.restore();
    await eventually('publishing', () =>
      broker.publish(messages([1])).then(
        () => true,
        () => false,
      ),
    );
    await eventually('delivery', () => seen.length === 1);
    await broker.close();
    await proxy.close();
  });

  it('shares the partitions of several topics evenly and moves no more than it must', () => {
    const view = (holders: readonly (string | null)[], members: readonly string[]) => ({
      members: members.map((id) => ({ id, topics: ['t'] })),
      partitions: holders.map((member_id, id) => ({ id, topic: 't', partition: id, member_id, epoch: 1 })),
    });
    expect(shareOf(view([null, null, null, null], ['a']), 'a')).toEqual({ take: [0, 1, 2, 3], giveUp: [] });
    expect(shareOf(view(['a', 'a', 'a', 'a'], ['a', 'b']), 'a')).toEqual({ take: [], giveUp: [2, 3] });
    expect(shareOf(view(['a', 'a', null, null], ['a', 'b']), 'b')).toEqual({ take: [2, 3], giveUp: [] });
    expect(shareOf(view(['a', 'a', 'b', 'b'], ['a', 'b']), 'a')).toEqual({ take: [], giveUp: [] });
    expect(shareOf(view(['a', 'dead', 'dead', 'b'], ['a', 'b']), 'a').take).toEqual([1]);
    const odd = view([null, null, null], ['a', 'b']);
    expect(shareOf(odd, 'a').take.length + shareOf(odd, 'b').take.length).toBe(3);
  });

  describe('its retention', () => {
    const DAY = 86_400_000;
    const quiet = { debug: () => undefined, info: () => undefined };
    const told: string[] = [];
    const logger = {
      ...quiet,
      warn: (_f: object, text: string) => told.push(text),
      error: (_f: object, text: string) => told.push(text),
    };
    const sweepAt = (database: Database, now: Date) => sweepLog(database, { now, days: 30, groupDays: 37, logger });
    const values = async () =>
      (
        await log.database.query<{ value: string }>(sql('test.left', 'select value from log_message order by "offset"'))
      ).map(({ value }) => value);

    beforeEach(() => void told.splice(0));

    it('removes what is old, but never what a living group has not read, and says so', async () => {
      const broker = connect();
      await broker.publish(messages([0, 1, 2]));
      await read(broker, 'g', 3);
      await broker.publish(messages([3]));
      expect(await sweepAt(log.database, new Date(Date.now() + 29 * DAY))).toBe(0);
      const later = new Date(Date.now() + 31 * DAY);
      expect(await sweepAt(log.database, later)).toBe(3);
      expect(await values()).toEqual(['3']);
      expect(told).toEqual(['retention waits for a group that is behind']);
      expect(await read(connect(), 'fresh', 1)).toEqual(['3']);
    });

    it('passes a group that nobody serves any more, and says so', async () => {
      const broker = connect();
      await broker.publish(messages([0]));
      await read(broker, 'g', 1);
      await broker.publish(messages([1]));
      expect(await sweepAt(log.database, new Date(Date.now() + 38 * DAY))).toBe(2);
      expect(told).toEqual(['retention passes a group that nobody serves any more']);
    });

    it('lets a group that lost messages go on, and says how many', async () => {
      const gaps: object[] = [];
      const broker = connect({ logger: { ...logger, error: (fields: object) => gaps.push(fields) } });
      await broker.publish(messages([0]));
      await read(broker, 'g', 1);
      await broker.publish(messages([1, 2, 3]));
      await sweepAt(log.database, new Date(Date.now() + 38 * DAY));
      await broker.publish(messages([4]));
      expect(await read(broker, 'g', 1)).toEqual(['4']);
      expect(gaps).toMatchObject([{ group: 'g', missing: 3 }]);
    });

    it('removes at most 5,000 of a partition in one sweep', async () => {
      const broker = connect({ topics: { [topic]: { partitions: 1 } } });
      for (let n = 0; n < 6; n += 1)
        await broker.publish(messages(Array.from({ length: 1_000 }, (_e, index) => index)));
      const later = new Date(Date.now() + 31 * DAY);
      expect(await sweepAt(log.database, later)).toBe(5_000);
      expect(await sweepAt(log.database, later)).toBe(1_000);
      expect(await sweepAt(log.database, later)).toBe(0);
    });
  });

  it('polls and sweeps by index ranges', async () => {
    await connect().publish(messages([0]));
    await log.database.query(
      sql(
        'test.fill',
        `insert into log_message select n % 8 + 1, n + 10, now(), 'k', '{}', '{}' from generate_series(1, 20000) as n`,
      ),
    );
    await log.database.query(sql('test.analyze', 'analyze log_message'));
    const planOf = async (text: string) =>
      (await log.database.query<{ 'QUERY PLAN': string }>(sql(`test.plan.${text.length}`, `explain ${text}`)))
        .map((row) => row['QUERY PLAN'])
        .join('\n');
    const polling = await planOf(
      fetchMessages.text
        .replace('$1::int[]', `'{1,2,3}'::int[]`)
        .replace('$2::bigint[]', `'{1,2,3}'::bigint[]`)
        .replaceAll('$3', '200'),
    );
    const sweeping = await planOf(oldUntil.text.replace('$1', '1').replace('$2', '0').replace('$3', `'2026-01-01'`));
    for (const plan of [polling, sweeping]) {
      expect(plan).toContain('log_message_pkey');
      expect(plan).not.toContain('Seq Scan on log_message');
    }
  });

  it('hands on texts whatever was written into headers by hand', async () => {
    const broker = connect();
    await broker.publish(messages([0]));
    await log.database.query(
      sql('test.junk', `select log_append(j, array[id], now()) from log_partition, json_build_array(
        json_build_object('p', id, 'n', 0, 'key', 'a', 'headers', json_build_object('a', 5, 'b', null, 'c', json_build_array(1)), 'value', '1'),
        json_build_object('p', id, 'n', 1, 'key', 'a', 'headers', json_build_array('x'), 'value', '2')) as j
       where topic = $1 and id = (select min(partition_id) from log_message)`),
      [topic],
    );
    const reader = await broker.reader({ topics: [topic], from: 'start' });
    const got = await reader.next({ waitMs: 2_000 });
    expect(got.map(({ headers }) => headers)).toEqual([{}, { a: '5', b: 'null', c: '[1]' }, {}]);
    await reader.close();
  });
});

import { newId, systemClock } from '@tom/kernel';
import { sql } from '@tom/postgres';
import { createFaultProxy, terminateConnections } from '@tom/postgres/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outboxState, subscription, type Broker, type OutgoingMessage } from '../src/index.ts';
import { advance } from '../src/relay.ts';
import { createTestBroker, eventually, readAll, type TestBroker } from '../src/testing.ts';
import {
  consumerOf,
  createTestService,
  draftsFor,
  effect,
  effectsOf,
  origin,
  relayOf,
  rowCount,
  ThingHappened,
  type TestService,
} from './harness.ts';

const topics = [ThingHappened.topic];

describe('the relay', () => {
  let service: TestService;
  let log: TestBroker;
  const stops: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    [service, log] = await Promise.all([createTestService(systemClock), createTestBroker()]);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await Promise.all([service.drop(), log.drop()]);
  });

  function start(broker: Broker = log.broker, connectionString?: string) {
    const relay = relayOf(service, broker, systemClock, connectionString);
    relay.start();
    stops.push(() => relay.stop());
    return relay;
  }

  const append = (key: string, numbers: readonly number[]) =>
    service.database.transaction((tx) => service.outbox.append(tx, origin(), draftsFor(key, numbers)));
  const published = async () =>
    (await readAll(log.broker, topics)).map(({ value }) => (JSON.parse(value) as { n: number }).n);
  // One of these tests ends every connection, this one included.
  const isEmpty = async () => (await rowCount(service.database, 'outbox').catch(() => -1)) === 0;

  it('publishes what was committed in its order, at once, and removes it', async () => {
    start();
    const key = newId();
    await append(key, [1]);
    await eventually('the first', isEmpty);
    const before = performance.now();
    await append(key, [2, 3]);
    await append(key, [4]);
    await eventually('the rest', isEmpty);
    expect(performance.now() - before).toBeLessThan(900); // the safety poll alone would take up to a second
    expect(await published()).toEqual([1, 2, 3, 4]);
  });

  it('never loses a row that commits late, behind rows with higher ids', async () => {
    start();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const insert = sql(
      'test.raw',
      `insert into outbox (topic, key, headers, value) values ($1, 'a', '{}', $2) returning id`,
    );
    let taken = (): void => undefined;
    const hasId = new Promise<void>((resolve) => (taken = resolve));
    const late = service.database.transaction(async (tx) => {
      await tx.query(insert, [topics[0], '{"n":1}']);
      taken();
      await gate;
    });
    await hasId;
    await service.database.query(insert, [topics[0], '{"n":2}']);
    await eventually('the early one', async () => (await published()).length === 1);
    release();
    await late;
    await eventually('the late one', async () => (await published()).length === 2);
    expect(await published()).toEqual([2, 1]);
  });

  it('has one active relay, told of commits elsewhere, and another one when it ends', async () => {
    const first = start();
    await eventually('the first to be active', () => first.isActive());
    const second = start();
    await append(newId(), [1]);
    await eventually('the relayed one', isEmpty);
    expect([first.isActive(), second.isActive()]).toEqual([true, false]);
    await first.stop();
    await eventually('the takeover', () => second.isActive(), 3_000);
    await append(newId(), [2]);
    await eventually('the rest', isEmpty);
    expect((await published()).sort()).toEqual([1, 2]);
  });

  it('publishes again what it published but could not remove, and the inbox absorbs that', async () => {
    let deliveries = 0;
    const dying: Broker = {
      ...log.broker,
      publish: async (messages: readonly OutgoingMessage[]) => {
        await log.broker.publish(messages);
        deliveries += 1;
        // Durable in the log, and the process is gone before it can remove the rows.
        if (deliveries === 1) await terminateConnections(service.url);
      },
    };
    const key = newId();
    await append(key, [1, 2, 3]);
    start(dying);
    await eventually('removal', isEmpty);
    expect((await published()).filter((n) => n === 1)).toHaveLength(2);

    const consumer = consumerOf({
      service,
      broker: log.broker,
      clock: systemClock,
      subscriptions: [subscription({ on: ThingHappened, handle: ({ tx, envelope }) => effect(tx, envelope) })],
    });
    await consumer.start();
    stops.push(() => consumer.stop());
    await eventually('all deliveries', () => consumer.stats().duplicates === 3);
    expect((await effectsOf(service.database)).map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  it('keeps messages while the log is away, tells the outbox how many, and goes on when it is back', async () => {
    let away = true;
    const waiting: number[] = [];
    const report = service.outbox.reportWaiting;
    Object.assign(service.outbox, { reportWaiting: (count: number) => (waiting.push(count), report(count)) });
    start({
      ...log.broker,
      publish: (messages) => (away ? Promise.reject(new Error('away')) : log.broker.publish(messages)),
    });
    await append(newId(), [1]);
    await eventually('a failure', () => waiting.includes(1));
    expect(await rowCount(service.database, 'outbox')).toBe(1);
    away = false;
    await eventually('publication', isEmpty);
    expect(waiting.at(-1)).toBe(0);
  });

  it('leaves nothing behind under load, with the log away now and then', async () => {
    let calls = 0;
    start({
      ...log.broker,
      publish: (messages) => ((calls += 1) % 4 === 0 ? Promise.reject(new Error('away')) : log.broker.publish(messages)),
    });
    const writers = Array.from({ length: 8 }, async () => {
      const key = newId();
      for (let n = 0; n < 50; n += 1)
        await append(key, Array.from({ length: 10 }, (_entry, index) => n * 10 + index + 1));
    });
    await Promise.all(writers);
    await eventually('the end', isEmpty, 25_000);
    expect(await outboxState(service.database)).toEqual({ waiting: 0, oldestSeconds: 0 });
    const messages = await readAll(log.broker, topics);
    expect(new Set(messages.map(({ headers }) => headers['ce_id'])).size).toBe(4_000);
    for (const key of new Set(messages.map((message) => message.key))) {
      const order = messages.filter((message) => message.key === key).map(({ headers }) => Number(headers['ce_revision']));
      // What was published and could not be removed comes again, but nothing overtakes: first arrivals are in order.
      const firsts = [...new Set(order)];
      expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
    }
  });

  it('comes back by itself after its database was away', async () => {
    const proxy = await createFaultProxy(service.url);
    stops.push(() => proxy.close());
    const relay = start(log.broker, proxy.url);
    await eventually('activity', () => relay.isActive());
    await proxy.cut();
    await eventually('inactivity', () => !relay.isActive());
    await append(newId(), [1, 2]);
    await proxy.restore();
    await eventually('publication', isEmpty);
    expect(await published()).toEqual([1, 2]);
  });

  it('reads the front of the outbox by its index', async () => {
    await service.database.query(
      sql(
        'test.fill',
        `insert into outbox (topic, key, headers, value) select 't', 'k', '{}', '{}' from generate_series(1, 5000)`,
      ),
    );
    await service.database.query(sql('test.analyze', 'analyze outbox'));
    const plan = await service.database.query<{ 'QUERY PLAN': string }>(
      sql('test.plan', `explain ${advance.text.replaceAll('$1', `'{1,2}'`).replace('$2', '500')}`),
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('Index Scan using outbox_pkey on outbox');
    expect(text).not.toContain('Seq Scan on outbox');
  });
});

import { newId, systemClock } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrokerAdmin, deadLetters, drop, subscription, type BrokerAdmin } from '../src/index.ts';
import { createTestBroker, eventually, messageOf, type TestBroker } from '../src/testing.ts';
import {
  consumerOf,
  createTestService,
  effect,
  effectsOf,
  rowCount,
  ThingHappened,
  type TestService,
} from './harness.ts';

const group = 'test-group';
const { topic } = ThingHappened;

describe('the operator of the log', () => {
  let service: TestService;
  let log: TestBroker;
  let admin: BrokerAdmin;
  const stops: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    [service, log] = await Promise.all([createTestService(systemClock), createTestBroker()]);
    admin = createBrokerAdmin({ kind: 'postgres', connectionString: log.url });
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await admin.close();
    await Promise.all([service.drop(), log.drop()]);
  });

  async function start() {
    const subscriptions = [
      subscription({ on: ThingHappened, handle: ({ tx, envelope }) => effect(tx, envelope) }),
    ];
    const consumer = consumerOf({ service, broker: log.broker, clock: systemClock, subscriptions });
    await consumer.start();
    stops.push(() => consumer.stop());
    return consumer;
  }

  const publish = (numbers: readonly number[], key = newId()) =>
    log.broker.publish(numbers.map((n) => messageOf(ThingHappened, { n }, { subject: key })));
  const numbers = async () => (await effectsOf(service.database)).map(({ n }) => n).sort((a, b) => a - b);
  const committed = async () => (await admin.lags()).every(({ lag }) => lag === 0);

  it('replays a topic to a group whose members run: everything comes again, and nothing is done twice', async () => {
    const consumer = await start();
    await publish([1, 2, 3]);
    await publish([4, 5]);
    await eventually('all', async () => (await numbers()).length === 5 && (await committed()));
    const planned = await admin.rewind({ group, topic, from: 'start', dryRun: true });
    expect(planned.reduce((sum, { messages }) => sum + messages, 0)).toBe(5);
    expect(await committed()).toBe(true);
    expect(await admin.rewind({ group, topic, from: 'start' })).toEqual(planned);
    await publish([6]);
    await eventually('the repetition', () => consumer.stats().duplicates >= 5);
    await eventually('the next', async () => (await numbers()).length === 6 && (await committed()));
    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await rowCount(service.database, 'dead_letter')).toBe(0);
  });

  it('does what the group had not heard of before', async () => {
    const first = consumerOf({ service, broker: log.broker, clock: systemClock, subscriptions: [
      subscription({ on: { ...ThingHappened, typeName: 'tom.thing.v1.Another' }, handle: async () => undefined }),
    ] });
    await first.start();
    await publish([1, 2]);
    await eventually('skipping', async () => (await admin.lags()).length > 0 && (await committed()));
    await first.stop();
    await admin.rewind({ group, topic, from: 'start' });
    await start();
    await eventually('both', async () => (await numbers()).length === 2);
  });

  it('goes back to an instant, and never forward', async () => {
    const consumer = await start();
    const key = newId();
    await publish([1], key);
    await eventually('the first', async () => (await numbers()).length === 1 && (await committed()));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const between = new Date();
    await publish([2, 3], key);
    await eventually('the rest', async () => (await numbers()).length === 3 && (await committed()));
    const back = await admin.rewind({ group, topic, from: between });
    expect(back.filter(({ messages }) => messages > 0)).toMatchObject([{ before: '3', after: '1', messages: 2 }]);
    await eventually('the repetition', () => consumer.stats().duplicates === 2);
    const nothing = await admin.rewind({ group, topic, from: new Date(Date.now() + 60_000) });
    expect(nothing.every(({ messages }) => messages === 0)).toBe(true);
    expect(await admin.rewind({ group: 'unknown', topic, from: 'start' })).toEqual([]);
  });

  it('does not bring back what was dropped, also when it had no id', async () => {
    const key = newId();
    const consumer = await start();
    await log.broker.publish([{ ...messageOf(ThingHappened, { n: 1 }, { subject: key }), headers: { junk: 'x' } }]);
    await publish([2], key);
    await eventually('parking', () => consumer.stats().parked === 1);
    const [letter] = await deadLetters({ database: service.database, group });
    const request = { by: 'root', why: 'junk', now: systemClock.now() };
    await drop({ database: service.database, group, id: letter?.id ?? 0, ...request });
    await eventually('the rest', async () => (await numbers()).length === 1 && (await committed()));
    await admin.rewind({ group, topic, from: 'start' });
    await eventually('the repetition', () => consumer.stats().duplicates === 1);
    expect(await rowCount(service.database, 'dead_letter')).toBe(0);
    expect(await rowCount(service.database, 'parked_key')).toBe(0);
  });

  it('lists topics and every group with what it is behind', async () => {
    const consumer = await start();
    await publish([1, 2]);
    await eventually('delivery', async () => (await numbers()).length === 2 && (await committed()));
    await consumer.stop();
    await publish([3]);
    expect(await admin.topics()).toEqual([topic]);
    const lags = await admin.lags();
    expect(lags).toHaveLength(8);
    expect(lags.filter(({ lag }) => lag > 0)).toMatchObject([{ group, topic, lag: 1 }]);
  });
});

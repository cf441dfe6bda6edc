import { newId, systemClock } from '@tom/kernel';
import { sql } from '@tom/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetters, redrive, subscription } from '../src/index.ts';
import { requestedLines } from '../src/redriver.ts';
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

describe('redrive', () => {
  let service: TestService;
  let log: TestBroker;
  let broken: boolean;
  let poison: number;
  const stops: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    [service, log] = await Promise.all([createTestService(systemClock), createTestBroker()]);
    broken = true;
    poison = 2;
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await Promise.all([service.drop(), log.drop()]);
  });

  async function start() {
    const consumer = consumerOf({
      service,
      broker: log.broker,
      clock: systemClock,
      retry: { attempts: 1 },
      subscriptions: [
        subscription({
          on: ThingHappened,
          handle: async ({ tx, envelope }) => {
            await effect(tx, envelope);
            if (broken && envelope.data.n === poison) throw new Error('a bug');
          },
        }),
      ],
    });
    await consumer.start();
    stops.push(() => consumer.stop());
    return consumer;
  }

  const publish = (key: string, numbers: readonly number[]) =>
    log.broker.publish(numbers.map((n) => messageOf(ThingHappened, { n }, { subject: key, revision: n })));
  const numbers = async () => (await effectsOf(service.database)).map(({ n }) => n);

  it('handles the line of a key in its order once the cause is mended, and the key is free again', async () => {
    const key = newId();
    const consumer = await start();
    await publish(key, [1, 2, 3, 4]);
    await eventually('parking', () => consumer.stats().parked === 2);
    broken = false;
    expect(await redrive({ database: service.database, group, key })).toBe(1);
    await eventually('the line', async () => (await rowCount(service.database, 'parked_key')) === 0);
    await publish(key, [5]);
    await eventually('the next', async () => (await numbers()).length === 5);
    expect(await numbers()).toEqual([1, 2, 3, 4, 5]);
    expect(await rowCount(service.database, 'dead_letter')).toBe(0);
    expect(await rowCount(service.database, 'inbox')).toBe(5);
  });

  it('stops at the first that still fails and leaves it, and those behind it, in their place', async () => {
    const key = newId();
    const consumer = await start();
    await publish(key, [1, 2, 3]);
    await eventually('parking', () => consumer.stats().parked === 1);
    const [letter] = await deadLetters({ database: service.database, group });
    expect(letter).toMatchObject({ reason: 'failed', attempts: 1, key, type: ThingHappened.typeName });
    expect(await redrive({ database: service.database, group, id: letter?.id ?? 0 })).toBe(1);
    await eventually(
      'the attempt',
      async () => (await deadLetters({ database: service.database, group }))[0]?.attempts === 2,
    );
    expect((await deadLetters({ database: service.database, group })).map(({ reason }) => reason)).toEqual([
      'failed',
      'parked',
    ]);
    expect(await numbers()).toEqual([1]);
    await publish(key, [4]);
    await eventually('parking', () => consumer.stats().parked === 2);
    expect(await numbers()).toEqual([1]);
  });

  it('interleaves with arrivals in no way that changes the order', async () => {
    const key = newId();
    const consumer = await start();
    await publish(
      key,
      Array.from({ length: 30 }, (_entry, index) => index + 1),
    );
    await eventually('parking', () => consumer.stats().parked === 28);
    broken = false;
    await redrive({ database: service.database, group, key });
    for (let n = 31; n <= 60; n += 1) {
      await publish(key, [n]);
      await new Promise((resolve) => setTimeout(resolve, 70));
    }
    await eventually('all', async () => (await numbers()).length === 60);
    expect(await numbers()).toEqual(Array.from({ length: 60 }, (_entry, index) => index + 1));
  });

  it('takes a message that came again while it lay here for the same one', async () => {
    const key = newId();
    poison = 1;
    const consumer = await start();
    const message = messageOf(ThingHappened, { n: 1 }, { subject: key });
    await log.broker.publish([message]);
    await eventually('burial', () => consumer.stats().buried === 1);
    await log.broker.publish([message]);
    await eventually('the duplicate', () => consumer.stats().duplicates === 1);
    expect(await rowCount(service.database, 'dead_letter')).toBe(1);
    broken = false;
    await redrive({ database: service.database, group, key });
    await eventually('the line', async () => (await rowCount(service.database, 'parked_key')) === 0);
    expect(await numbers()).toEqual([1]);
  });

  it('answers 0 for a key that is not parked', async () => {
    expect(await redrive({ database: service.database, group, key: newId() })).toBe(0);
  });

  it('finds what was asked for by its index', async () => {
    await service.database.query(
      sql(
        't.fill',
        `insert into parked_key select 'test-group', 't', 'k' || n, now(), n = 7 from generate_series(1, 5000) as n`,
      ),
    );
    await service.database.query(sql('t.analyze', 'analyze parked_key'));
    const plan = await service.database.query<{ 'QUERY PLAN': string }>(
      sql('t.plan', `explain ${requestedLines.text.replace('$1', `'test-group'`)}`),
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('parked_key_redrive');
  });
});

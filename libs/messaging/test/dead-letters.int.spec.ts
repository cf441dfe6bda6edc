import { newId, systemClock } from '@tom/kernel';
import { sql, type Logger } from '@tom/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  allDeadLetters,
  deadLetter,
  deadLetters,
  drop,
  drops,
  parkedKeys,
  partitionOf,
  redrive,
  subscription,
  type Consumer,
  type ParkedLimits,
} from '../src/index.ts';
import { listLetters } from '../src/dead-letters.ts';
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
const why = 'the sender was told to send it again';

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

/** Negative numbers are those that never work. */
async function start(parkedLimits: Partial<ParkedLimits> = {}, logger?: Logger): Promise<Consumer> {
  const consumer = consumerOf({
    service,
    broker: log.broker,
    clock: systemClock,
    retry: { attempts: 1, firstDelayMs: 10, maxDelayMs: 200 },
    parkedLimits,
    ...(logger ? { logger } : {}),
    subscriptions: [
      subscription({
        on: ThingHappened,
        handle: async ({ tx, envelope }) => {
          if (envelope.data.n < 0) throw new Error('never works');
          await effect(tx, envelope);
        },
      }),
    ],
  });
  await consumer.start();
  stops.push(() => consumer.stop());
  return consumer;
}

const publish = (key: string, numbers: readonly number[]) =>
  log.broker.publish(numbers.map((n) => messageOf(ThingHappened, { n }, { subject: key })));
const numbers = async (key?: string) =>
  (await effectsOf(service.database)).filter((row) => key === undefined || row.key === key).map(({ n }) => n);
const letters = () => deadLetters({ database: service.database, group });
const dropIt = (id: number) =>
  drop({ database: service.database, group, id, by: 'root', why, now: systemClock.now() });

describe('a drop', () => {
  it('gives up the first of a line with a reason, and the rest goes on in order', async () => {
    const key = newId();
    const consumer = await start();
    await publish(key, [1, -2, 3, 4]);
    await eventually('parking', () => consumer.stats().parked === 2);
    const [first] = await letters();
    const dropped = await dropIt(first?.id ?? 0);
    expect(dropped).toMatchObject({ group, key, reason: 'failed', attempts: 1, droppedBy: 'root', why });
    await eventually('the rest', async () => (await numbers()).length === 3);
    await eventually('the line', async () => (await rowCount(service.database, 'parked_key')) === 0);
    await publish(key, [5]);
    await eventually('the next', async () => (await numbers()).length === 4);
    expect(await numbers()).toEqual([1, 3, 4, 5]);
    expect(await letters()).toEqual([]);
    expect(await drops({ database: service.database, group })).toEqual([dropped]);
  });

  it('of one further back leaves the line waiting', async () => {
    const key = newId();
    const consumer = await start();
    await publish(key, [-1, 2, 3]);
    await eventually('parking', () => consumer.stats().parked === 2);
    await dropIt((await letters())[1]?.id ?? 0);
    expect(await parkedKeys({ database: service.database, group })).toMatchObject([{ key, redriveRequested: false }]);
    expect((await letters()).map(({ value }) => value)).toEqual(['{"n":-1}', '{"n":3}']);
    expect(await numbers()).toEqual([]);
  });

  it('stops the rest again at the next that cannot work', async () => {
    const key = newId();
    const consumer = await start();
    await publish(key, [-1, 2, -3, 4]);
    await eventually('parking', () => consumer.stats().parked === 3);
    await dropIt((await letters())[0]?.id ?? 0);
    await eventually('the attempt', async () => (await letters())[0]?.reason === 'failed');
    expect((await letters()).map(({ value, reason }) => [value, reason])).toEqual([
      ['{"n":-3}', 'failed'],
      ['{"n":4}', 'parked'],
    ]);
    expect(await numbers()).toEqual([2]);
  });

  it('frees a key at once when nothing stands behind, and knows no letter twice or of another group', async () => {
    const consumer = await start();
    await publish(newId(), [-1]);
    await eventually('burial', () => consumer.stats().buried === 1);
    const id = (await letters())[0]?.id ?? 0;
    const { database } = service;
    expect(await drop({ database, group: 'other', id, by: 'x', why, now: systemClock.now() })).toBeUndefined();
    expect(await dropIt(id)).toBeDefined();
    expect(await parkedKeys({ database, group })).toEqual([]);
    expect(await dropIt(id)).toBeUndefined();
  });
});

describe('the limits of what is put aside', () => {
  const keyOn = (partition: number): string => {
    for (;;) {
      const key = newId();
      if (partitionOf(key, 8) === partition) return key;
    }
  };

  it('stop the partition of one key too many, say so, and let it go on when there is room', async () => {
    const said: string[] = [];
    const note = (_fields: object, text: string): void => void said.push(text);
    const logger = { debug: () => undefined, info: note, warn: () => undefined, error: note };
    const consumer = await start({ keys: 2 }, logger);
    const [first, second, third, sound] = [keyOn(1), keyOn(1), keyOn(2), keyOn(3)];
    await publish(first, [-1]);
    await publish(second, [-1]);
    await eventually('burials', () => consumer.stats().buried === 2);
    await publish(third, [-1, 2]);
    await eventually('the stop', () => consumer.stats().stopped === 1);
    // Another partition goes on, and so does another key's message behind a parked one's.
    await publish(sound, [1, 2]);
    await eventually('the others', async () => (await numbers(sound)).length === 2);
    expect(await rowCount(service.database, 'dead_letter')).toBe(2);
    expect(await numbers(third)).toEqual([]);
    await dropIt((await letters())[0]?.id ?? 0);
    await eventually('the third', () => consumer.stats().buried === 3);
    await eventually('going on', () => consumer.stats().stopped === 0 && consumer.stats().parked === 1);
    expect(said.filter((text) => text.startsWith('the partition'))).toEqual([
      'the partition stops until dead letters are redriven or dropped',
      'the partition goes on',
    ]);
  });

  it('count the messages behind parked keys, which then wait in the log in their order', async () => {
    const consumer = await start({ messages: 3 });
    const key = keyOn(1);
    await publish(key, [-1, 2, 3]);
    await eventually('parking', () => consumer.stats().parked === 2);
    await publish(key, [4, 5]);
    await eventually('the stop', () => consumer.stats().stopped === 1);
    expect(await rowCount(service.database, 'dead_letter')).toBe(3);
    await dropIt((await letters())[0]?.id ?? 0);
    await eventually('all', async () => (await numbers()).length === 4);
    expect(await numbers()).toEqual([2, 3, 4, 5]);
    expect(consumer.stats().stopped).toBe(0);
  });
});

describe('the list', () => {
  it('loses no letter that commits late, behind others with higher ids', async () => {
    const insert = sql(
      't.letter',
      `insert into dead_letter (consumer, topic, "partition", "offset", key, headers, value, reason, error, attempts, created_at)
       values ('test-group', 't', 0, $1, 'k', '{}', '{}', 'failed', '', 1, now()) returning id`,
    );
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let taken = (): void => undefined;
    const hasId = new Promise<void>((resolve) => (taken = resolve));
    const late = service.database.transaction(async (tx) => {
      await tx.query(insert, [0]);
      taken();
      await gate;
    });
    await hasId;
    for (const offset of [1, 2, 3]) await service.database.query(insert, [offset]);
    const shown: number[] = [];
    for await (const { offset } of allDeadLetters({ database: service.database, group, pageSize: 2 })) {
      shown.push(offset);
      if (shown.length === 2) {
        release();
        await late;
      }
    }
    expect(shown).toEqual([1, 2, 0, 3]);
  });

  it('shows one with headers and value as they came, and reads by the index of the group', async () => {
    const consumer = await start();
    const message = messageOf(ThingHappened, { n: -1 });
    await log.broker.publish([message]);
    await eventually('burial', () => consumer.stats().buried === 1);
    const [listed] = await letters();
    const shown = await deadLetter({ database: service.database, group, id: listed?.id ?? 0 });
    expect(shown).toEqual(listed);
    expect(shown).toMatchObject({ headers: message.headers, value: message.value, attempts: 1 });
    expect(await deadLetter({ database: service.database, group: 'other', id: listed?.id ?? 0 })).toBeUndefined();
    expect(await redrive({ database: service.database, group: 'other', id: listed?.id ?? 0 })).toBe(0);
    const text = listLetters.text.replace('$1', `'test-group'`).replace('$2::bigint[]', `'{1}'::bigint[]`);
    const plan = await service.database.query<{ 'QUERY PLAN': string }>(
      sql('t.plan', `explain ${text.replace('$3', '100')}`),
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan');
  });
});

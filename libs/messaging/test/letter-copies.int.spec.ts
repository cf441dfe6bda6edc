import { newId, systemClock } from '@tom/kernel';
import { sql, type Logger } from '@tom/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRelay, deadLetters, drop, subscription, type Broker } from '../src/index.ts';
import { uncopied } from '../src/letter-copies.ts';
import { createTestBroker, eventually, messageOf, readAll, type TestBroker } from '../src/testing.ts';
import {
  consumerOf,
  createTestService,
  draftsFor,
  origin,
  ResultMade,
  rowCount,
  ThingHappened,
  type TestService,
} from './harness.ts';

const group = 'test-group';
const topic = `${ThingHappened.topic}.${group}.dlq`;

describe('the copies of dead letters', () => {
  let service: TestService;
  let log: TestBroker;
  let said: string[];
  const stops: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    [service, log] = await Promise.all([createTestService(systemClock), createTestBroker()]);
    said = [];
    const consumer = consumerOf({
      service,
      broker: log.broker,
      clock: systemClock,
      retry: { attempts: 1 },
      subscriptions: [subscription({ on: ThingHappened, handle: () => Promise.reject(new Error('a bug')) })],
    });
    await consumer.start();
    stops.push(() => consumer.stop());
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await Promise.all([service.drop(), log.drop()]);
  });

  function startRelay(broker: Broker): void {
    const note = (_fields: object, text: string): void => void said.push(text);
    const logger: Logger = { debug: () => undefined, info: note, warn: note, error: note };
    const relay = createRelay({ connectionString: service.url, broker, outbox: service.outbox, logger, clock: systemClock });
    relay.start();
    stops.push(() => relay.stop());
  }

  const publish = (key: string, numbers: readonly number[]) =>
    log.broker.publish(numbers.map((n) => messageOf(ThingHappened, { n }, { subject: key })));
  const letters = () => deadLetters({ database: service.database, group });
  const copies = () => readAll(log.broker, [topic]);

  it('follow within seconds, with why and whence, and not for what only waits behind', async () => {
    startRelay(log.broker);
    const key = newId();
    await publish(key, [1, 2]);
    await eventually('the copy', async () => (await copies()).length > 0);
    await eventually('both letters', async () => (await letters()).length === 2);
    const [copy, ...others] = await copies();
    expect(others).toEqual([]);
    expect(copy).toMatchObject({ key, value: '{"n":1}' });
    expect(copy?.headers).toMatchObject({
      ce_type: ThingHappened.typeName,
      tom_dlq_reason: 'failed',
      tom_dlq_error: expect.stringContaining('a bug') as string,
      tom_dlq_topic: ThingHappened.topic,
      tom_dlq_group: group,
      tom_dlq_offset: '0',
    });
  });

  it('hold up no event when their topic is missing; that is said once, and they follow when it is there', async () => {
    let missing = true;
    let refused = 0;
    startRelay({
      ...log.broker,
      publish: async (messages) => {
        if (missing && messages.some((message) => message.topic === topic)) {
          refused += 1;
          throw new Error(`topic ${topic} does not exist`);
        }
        await log.broker.publish(messages);
      },
    });
    await publish(newId(), [1]);
    await eventually('attempts', () => refused >= 2);
    const key = newId();
    await service.database.transaction((tx) => service.outbox.append(tx, origin(), draftsFor(key, [1, 2], ResultMade)));
    await eventually('the events', async () => (await rowCount(service.database, 'outbox')) === 0);
    expect((await readAll(log.broker, [ResultMade.topic])).map((message) => message.key)).toEqual([key, key]);
    expect(await letters()).toHaveLength(1);
    expect(said.filter((text) => text.startsWith('copies'))).toEqual([
      'copies of dead letters cannot be published; they are tried until it works',
    ]);
    missing = false;
    await eventually('the copy', async () => (await copies()).length === 1, 20_000);
    await eventually('word of it', () => said.includes('copies of dead letters are published again'));
  });

  it('are not made of letters that were worked off before', async () => {
    const [first, second] = [newId(), newId()];
    await publish(first, [1]);
    await eventually('the first', async () => (await letters()).length === 1);
    const id = (await letters())[0]?.id ?? 0;
    await drop({ database: service.database, group, id, by: 'root', why: 'not needed', now: systemClock.now() });
    startRelay(log.broker);
    await publish(second, [1]);
    await eventually('the copy', async () => (await copies()).length > 0);
    expect((await copies()).map(({ key }) => key)).toEqual([second]);
  });

  it('are found by an index', async () => {
    const plan = await service.database.query<{ 'QUERY PLAN': string }>(
      sql('t.plan', `explain ${uncopied.text.replace('$1', `'{a}'`)}`),
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('dead_letter_uncopied');
  });
});

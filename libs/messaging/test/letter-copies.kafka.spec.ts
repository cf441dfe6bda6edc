import { newId, systemClock } from '@tom/kernel';
import { sql, type Logger } from '@tom/postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRelay, deadLetters, subscription, type MessageType } from '../src/index.ts';
import { deadLetterTopic } from '../src/dead-letters.ts';
import { eventually, messageOf, readAll } from '../src/testing.ts';
import { consumerOf, createTestService, draftsFor, origin, rowCount, ThingHappened, type Numbered, type TestService } from './harness.ts';
import { connectTestKafka, type TestKafka } from './kafka-harness.ts';

let service: TestService;
let kafka: TestKafka;
const stops: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  [service, kafka] = await Promise.all([createTestService(systemClock), connectTestKafka()]);
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await Promise.all([service.drop(), kafka.cleanup()]);
});

it('a missing topic for copies of dead letters holds up no event of the service', async () => {
  const said: string[] = [];
  const note = (_fields: object, text: string): void => void said.push(text);
  const logger: Logger = { debug: () => undefined, info: note, warn: note, error: note };
  const group = `group-${newId()}`;
  const Broken: MessageType<Numbered> = { ...ThingHappened, topic: `tom.test-${newId()}.events.v1` };
  const Sound: MessageType<Numbered> = { ...ThingHappened, topic: `tom.test-${newId()}.events.v1` };
  const copies = deadLetterTopic(Broken.topic, group);
  await kafka.createTopic(Broken.topic);
  await kafka.createTopic(Sound.topic);
  const broker = kafka.connect();
  const consumer = consumerOf({
    service,
    broker,
    group,
    clock: systemClock,
    retry: { attempts: 1 },
    subscriptions: [subscription({ on: Broken, handle: () => Promise.reject(new Error('a bug')) })],
  });
  await consumer.start();
  stops.push(() => consumer.stop());
  const relay = createRelay({ connectionString: service.url, broker, outbox: service.outbox, logger, clock: systemClock });
  relay.start();
  stops.push(() => relay.stop());

  await broker.publish([messageOf(Broken, { n: 1 })]);
  await eventually('the warning', () => said.includes('copies of dead letters cannot be published; they are tried until it works'), 20_000);
  expect(await deadLetters({ database: service.database, group })).toMatchObject([{ reason: 'failed', value: '{"n":1}' }]);

  const key = newId();
  for (let n = 1; n <= 50; n += 1) {
    await service.database.transaction((tx) => service.outbox.append(tx, origin(), draftsFor(key, [n], Sound)));
  }
  await eventually('the events', async () => (await rowCount(service.database, 'outbox')) === 0);
  const published = (await readAll(broker, [Sound.topic])).map(({ value }) => (JSON.parse(value) as Numbered).n);
  expect(published).toEqual(Array.from({ length: 50 }, (_entry, index) => index + 1));
  // The two lanes share a producer, and none of them costs the other a failed attempt.
  expect(said.filter((text) => text.startsWith('publishing'))).toEqual([]);

  await kafka.createTopic(copies, 1);
  const waiting = sql('t.waiting', 'select 1 from dead_letter where not copied');
  await eventually('the copy', async () => (await service.database.query(waiting)).length === 0, 25_000);
  expect((await readAll(broker, [copies])).map(({ value, headers }) => [value, headers['tom_dlq_reason']])).toEqual([['{"n":1}', 'failed']]);
  expect(said.filter((text) => text.startsWith('copies'))).toHaveLength(2);
}, 60_000);

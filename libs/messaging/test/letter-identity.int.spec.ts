import { newId, systemClock } from '@tom/kernel';
import { migrate, sql } from '@tom/postgres';
import { createTestDatabase } from '@tom/postgres/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetters, drop, messagingMigrations, parkedKeys, subscription, type OutgoingMessage } from '../src/index.ts';
import { createTestBroker, eventually, messageOf, type TestBroker } from '../src/testing.ts';
import { consumerOf, createTestService, ThingHappened, type TestService } from './harness.ts';

const group = 'test-group';

describe('a dead letter', () => {
  let service: TestService;
  const logs: TestBroker[] = [];
  const stops: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    service = await createTestService(systemClock);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await service.drop();
    for (const log of logs.splice(0)) await log.drop();
  });

  /** Reads messages from a log in which nothing was before: their places are those of any other such log. */
  async function readFromFreshLog(messages: readonly OutgoingMessage[]): Promise<void> {
    const log = await createTestBroker();
    logs.push(log);
    await log.broker.publish(messages);
    const consumer = consumerOf({
      service,
      broker: log.broker,
      clock: systemClock,
      retry: { attempts: 1 },
      subscriptions: [subscription({ on: ThingHappened, handle: () => Promise.reject(new Error('a bug')) })],
    });
    await consumer.start();
    await eventually('commits', async () => {
      const lags = await log.broker.lag(group);
      return lags.length > 0 && lags.every(({ lag }) => lag === 0);
    });
    await consumer.stop();
  }

  const letters = () => deadLetters({ database: service.database, group });
  const thing = (key: string, n: number) => messageOf(ThingHappened, { n }, { subject: key });
  const garbled = (key: string, value: string): OutgoingMessage => ({ topic: ThingHappened.topic, key, headers: { ce_type: ThingHappened.typeName }, value });

  it('is kept beside that of another message which had the same place in another log, parked ones too', async () => {
    const key = newId();
    await readFromFreshLog([thing(key, 1), thing(key, 2)]);
    await readFromFreshLog([thing(key, 3), thing(key, 4)]);
    const found = await letters();
    expect(found.map(({ value, reason, offset }) => [value, reason, offset])).toEqual([
      ['{"n":1}', 'failed', 0],
      ['{"n":2}', 'parked', 1],
      ['{"n":3}', 'parked', 0],
      ['{"n":4}', 'parked', 1],
    ]);
    expect(new Set(found.map(({ partition }) => partition)).size).toBe(1);
    expect(await parkedKeys({ database: service.database, group })).toHaveLength(1);
  });

  it('is one, wherever its message comes again', async () => {
    const key = newId();
    const message = thing(key, 1);
    await readFromFreshLog([message]);
    await readFromFreshLog([thing(key, 2), message]);
    expect((await letters()).map(({ value }) => value)).toEqual(['{"n":1}', '{"n":2}']);
    // Also where the inbox has forgotten it meanwhile.
    await service.database.query(sql('t.forget', 'delete from inbox'));
    await readFromFreshLog([message]);
    expect(await letters()).toHaveLength(2);
  });

  it('of a message without a readable id is one by its place and content, also after it was dropped', async () => {
    const key = newId();
    await readFromFreshLog([garbled(key, 'a')]);
    await readFromFreshLog([garbled(key, 'a')]);
    await readFromFreshLog([garbled(key, 'b')]);
    const found = await letters();
    expect(found.map(({ value, offset, messageId }) => [value, offset, messageId])).toEqual([
      ['a', 0, null],
      ['b', 0, null],
    ]);
    for (const { id } of found.toReversed()) {
      await drop({ database: service.database, group, id, by: 'root', why: 'nothing in it', now: systemClock.now() });
    }
    await readFromFreshLog([garbled(key, 'a')]);
    await readFromFreshLog([garbled(key, 'c')]);
    expect((await letters()).map(({ value }) => value)).toEqual(['c']);
  });
});

it('letters from before keep their place in the line, and copies that wait among the events leave them', async () => {
  const { '0000-messaging-3-letters-by-message': latest, ...before } = messagingMigrations;
  expect(latest).toBeDefined();
  const old = await createTestDatabase({ migrations: before });
  try {
    const insert = sql(
      't.old',
      `with letter as (
         insert into dead_letter (consumer, topic, "partition", "offset", key, message_id, headers, value, reason, error, attempts, created_at)
         values ('g', 't', 0, $1, 'k', $2, '{}', '{}', $3, '', 1, now()))
       insert into inbox (consumer, message_id, message_time) select 'g', $2, '2026-11-01T08:00:00.123Z' where $2::uuid is not null`,
    );
    const [copied, waiting] = [newId(), newId()];
    await old.database.query(insert, [0, copied, 'failed']);
    await old.database.query(insert, [1, waiting, 'parked']);
    await old.database.query(insert, [2, null, 'undecodable']);
    await old.database.query(
      sql('t.outbox', `insert into outbox (topic, key, headers, value) values
        ('t.g.dlq', 'k', '{"tom_dlq_partition":"0","tom_dlq_offset":"2"}', '{}'), ('t', 'k', '{}', '{}')`),
    );
    await migrate(old.url, { migrations: messagingMigrations });
    const rows = await old.database.query(
      sql('t.new', `select "offset", message_time as time, copied, content is not null as hashed from dead_letter order by id`),
    );
    const time = new Date('2026-11-01T08:00:00.123Z');
    expect(rows).toEqual([
      { offset: 0, time, copied: true, hashed: true },
      { offset: 1, time, copied: true, hashed: true },
      { offset: 2, time: null, copied: false, hashed: true },
    ]);
    expect(await old.database.query(sql('t.left', 'select topic from outbox'))).toEqual([{ topic: 't' }]);
  } finally {
    await old.drop();
  }
});

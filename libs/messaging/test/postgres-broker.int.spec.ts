import { systemClock } from '@tom/kernel';
import { createDatabase, silentLogger, sql } from '@tom/postgres';
import { createTestDatabase } from '@tom/postgres/testing';
import { expect, it } from 'vitest';
import { createPostgresBroker, type Broker } from '../src/index.ts';
import { sweepLog } from '../src/postgres-broker/retention.ts';
import { eventLogMigrations } from '../src/postgres-broker/schema.ts';
import { brokerConformance } from './conformance.ts';

brokerConformance('the event log in Postgres', async () => {
  const log = await createTestDatabase({ migrations: eventLogMigrations });
  const brokers = new Map<Broker, () => void>();
  return {
    async connect() {
      const broker = createPostgresBroker({ connectionString: log.url, clock: systemClock, logger: silentLogger });
      brokers.set(broker, () => undefined);
      return broker;
    },
    // Closing the connections is what a killed process leaves behind: its lock falls, its rows stay.
    async kill(broker) {
      brokers.delete(broker);
      await broker.close();
    },
    async cleanup() {
      await Promise.all([...brokers.keys()].map((broker) => broker.close()));
      await log.drop();
    },
  };
});

it('cuts what is old, but never what a living group has not read', async () => {
  const log = await createTestDatabase({ migrations: eventLogMigrations });
  const database = createDatabase({ connectionString: log.url, applicationName: 'test' });
  const broker = createPostgresBroker({ connectionString: log.url, clock: systemClock, logger: silentLogger });
  const topic = 'tom.old.events.v1';
  const messages = [0, 1, 2].map((n) => ({ topic, key: 'a', headers: {}, value: String(n) }));
  await broker.publish(messages);
  const seen: string[] = [];
  const member = await broker.subscribe({
    group: 'g', topics: [topic], batchSize: 10, fromBeginning: true,
    onBatch: async (batch) => void seen.push(...batch.map(({ value }) => value)),
  });
  await expect.poll(() => seen.length).toBe(3);
  await member.stop();
  await broker.publish([{ topic, key: 'a', headers: {}, value: '3' }]);

  const future = new Date(Date.now() + 60_000);
  const cutAt = (now: Date) => sweepLog(database, { now, days: 0, groupDays: 7, logger: silentLogger });
  expect(await cutAt(new Date(0))).toBe(0);
  expect(await cutAt(future)).toBe(3);
  expect(await cutAt(future)).toBe(0);
  const left = await database.query<{ value: string }>(sql('test.left', 'select value from log_message'));
  expect(left).toEqual([{ value: '3' }]);
  const reader = await broker.reader({ topics: [topic], from: 'start' });
  expect((await reader.next({ waitMs: 0 })).map(({ value }) => value)).toEqual(['3']);
  await broker.close();
  await database.close();
  await log.drop();
});

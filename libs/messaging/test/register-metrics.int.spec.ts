import { newId, systemClock } from '@tom/kernel';
import { createDatabase, sql } from '@tom/postgres';
import { createFaultProxy } from '@tom/postgres/testing';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { registerMessagingMetrics, subscription } from '../src/index.ts';
import { readOutboxState } from '../src/outbox-state.ts';
import { createTestBroker, eventually, messageOf, type TestBroker } from '../src/testing.ts';
import { consumerOf, createTestService, draftsFor, origin, ThingHappened, type TestService } from './harness.ts';

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

it('tells what waits, lags and lies aside, and leaves out what cannot be read', async () => {
  const proxy = await createFaultProxy(service.url);
  const database = createDatabase({ connectionString: proxy.url, applicationName: 'test' });
  stops.push(
    () => proxy.close(),
    () => database.close(),
  );
  const consumer = consumerOf({
    service,
    broker: log.broker,
    clock: systemClock,
    retry: { attempts: 1 },
    subscriptions: [subscription({ on: ThingHappened, handle: () => Promise.reject(new Error('a bug')) })],
  });
  const metrics = new Registry();
  registerMessagingMetrics({ metrics, database, broker: log.broker, consumer: () => consumer, group: 'test-group' });
  await consumer.start();
  const key = newId();
  await log.broker.publish([1, 2].map((n) => messageOf(ThingHappened, { n }, { subject: key })));
  await eventually('parking', () => consumer.stats().parked === 1);
  await eventually('commits', async () => (await log.broker.lag('test-group')).every(({ lag }) => lag === 0));
  await consumer.stop();
  await log.broker.publish([messageOf(ThingHappened, { n: 3 }, { subject: key })]);
  await service.database.transaction((tx) => service.outbox.append(tx, origin(), draftsFor(key, [1, 2])));
  await service.database.query(sql('t.old', `update outbox set created_at = now() - interval '1 hour'`));

  const text = await metrics.metrics();
  for (const line of [
    'tom_outbox_waiting 2',
    `tom_consumer_lag{group="test-group",topic="${ThingHappened.topic}"} 1`,
    'tom_dead_letters{group="test-group"} 2',
    'tom_dead_letters_uncopied{group="test-group"} 1', // the parked one has no copy of its own
    'tom_parked_keys{group="test-group"} 1',
    'tom_stopped_partitions{group="test-group"} 0',
    'tom_messages_buried_total{group="test-group"} 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(Number(/^tom_outbox_oldest_seconds (.*)$/m.exec(text)?.[1])).toBeGreaterThan(3_599);

  await proxy.cut();
  const without = await metrics.metrics();
  expect(without).toContain('tom_consumer_lag{');
  expect(without).not.toMatch(/^tom_outbox_waiting \d/m);
  expect(without).not.toContain('tom_dead_letters{');
});

it('looks at the front of the outbox by its index', async () => {
  const fill = `insert into outbox (topic, key, headers, value) select 't', 'k', '{}', '{}' from generate_series(1, 5000)`;
  await service.database.query(sql('t.fill', fill));
  await service.database.query(sql('t.analyze', 'analyze outbox'));
  const plan = await service.database.query<{ 'QUERY PLAN': string }>(sql('t.plan', `explain ${readOutboxState.text}`));
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan');
});

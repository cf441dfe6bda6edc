import { DomainError, ids, newId, systemClock } from '@tom/kernel';
import { createDatabase, sql } from '@tom/postgres';
import { createFaultProxy, terminateConnections } from '@tom/postgres/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partitionOf, subscription, type ConsumerOptions, type Envelope, type Subscription } from '../src/index.ts';
import { claimMany } from '../src/claim.ts';
import { createTestBroker, eventually, messageOf, type TestBroker } from '../src/testing.ts';
import {
  consumerOf,
  createTestService,
  draftsFor,
  effect,
  effectsOf,
  OtherHappened,
  ResultMade,
  rowCount,
  ThingHappened,
  Unheard,
  type Numbered,
  type TestService,
} from './harness.ts';

describe('the consumer', () => {
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

  type Extra = Partial<Pick<ConsumerOptions, 'group' | 'retry' | 'isTransient' | 'logger' | 'batchSize' | 'database'>>;

  async function start(subscriptions: readonly Subscription[], options: Extra = {}) {
    const consumer = consumerOf({ service, broker: log.broker, clock: systemClock, subscriptions, ...options });
    await consumer.start();
    stops.push(() => consumer.stop());
    return consumer;
  }

  const thing = (key: string, n: number, envelope: Partial<Omit<Envelope, 'data' | 'type' | 'topic'>> = {}) =>
    messageOf(ThingHappened, { n }, { subject: key, revision: n, ...envelope });
  const numbers = async (key?: string) =>
    (await effectsOf(service.database)).filter((row) => key === undefined || row.key === key).map(({ n }) => n);
  const recording = subscription({ on: ThingHappened, handle: ({ tx, envelope }) => effect(tx, envelope) });

  it('has the effect of each message once, however often it comes', async () => {
    const key = newId();
    const messages = [1, 2, 3].map((n) => thing(key, n));
    // Twice within one batch, and again later.
    await log.broker.publish([...messages, messages[0]!, messages[2]!]);
    const consumer = await start([recording]);
    await eventually('all', () => consumer.stats().duplicates === 2);
    await log.broker.publish(messages);
    await eventually('the repetition', () => consumer.stats().duplicates === 5);
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it('skips types that nobody subscribed to, without a trace', async () => {
    const key = newId();
    await log.broker.publish([messageOf(Unheard, { n: 1 }, { subject: key }), thing(key, 2)]);
    await start([recording]);
    await eventually('the other', async () => (await numbers()).length === 1);
    expect(await rowCount(service.database, 'inbox')).toBe(1);
  });

  it('keeps the order within each key also when runs of one type are handled as a set', async () => {
    const keys = [newId(), newId(), newId()];
    const sequence = [1, 2, 3, 4, 5, 6].flatMap((n) =>
      keys.map((key, index) =>
        messageOf((n + index) % 3 === 0 ? OtherHappened : ThingHappened, { n }, { subject: key, revision: n }),
      ),
    );
    await log.broker.publish(sequence);
    const sets: number[] = [];
    await start([
      subscription({
        on: ThingHappened,
        handleMany: async ({ tx, items }) => {
          sets.push(items.length);
          for (const { envelope } of items) await effect(tx, envelope, 'many');
        },
      }),
      subscription({ on: OtherHappened, handle: ({ tx, envelope }) => effect(tx, envelope, 'one') }),
    ]);
    await eventually('all', async () => (await numbers()).length === 18);
    for (const key of keys) expect(await numbers(key)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Math.max(...sets)).toBeGreaterThan(1);
  });

  it('emits in the same transaction, caused by the message, with ids that a replay would derive again', async () => {
    const key = newId();
    const cause = thing(key, 1, { depth: 3 });
    await start([
      subscription({
        on: ThingHappened,
        handle: async ({ emit }) => {
          emit(
            { type: ResultMade, aggregateId: key, revision: 1, orgId: key, data: { n: 10 } },
            {
              type: ResultMade,
              aggregateId: key,
              revision: 2,
              orgId: key,
              data: { n: 11 },
              actor: 'template:x',
              template: 'x',
              templateVersion: 2,
              rule: 'r',
            },
          );
        },
      }),
    ]);
    await log.broker.publish([cause]);
    await eventually('the results', async () => (await rowCount(service.database, 'outbox')) === 2);
    const rows = await service.database.query<{ headers: Record<string, string> }>(
      sql('t.outbox', 'select headers from outbox order by id'),
    );
    const causeId = cause.headers['ce_id'] as string;
    expect(rows[0]?.headers).toMatchObject({
      ce_id: ids.causedMessage(causeId, ResultMade.typeName, key, 0),
      ce_causationid: causeId,
      ce_correlationid: cause.headers['ce_correlationid'],
      ce_depth: '4',
      ce_actor: 'service:test-service',
      ce_source: '/tom/test-service',
    });
    expect(rows[1]?.headers).toMatchObject({
      ce_id: ids.causedMessage(causeId, ResultMade.typeName, key, 1),
      ce_actor: 'template:x',
      ce_template: 'x',
      ce_templateversion: '2',
      ce_rule: 'r',
    });
  });

  it('handles a batch that fails one by one, buries what never works, parks its key, and others go on', async () => {
    const [bad, good] = [newId(), newId()];
    const consumer = await start(
      [
        subscription({
          on: ThingHappened,
          handle: async ({ tx, envelope, emit }) => {
            await effect(tx, envelope);
            emit({
              type: ResultMade,
              aggregateId: envelope.subject,
              revision: 1,
              orgId: envelope.subject,
              data: { n: 1 },
            });
            if (envelope.key === bad && envelope.data.n === 2) throw new Error('never works');
          },
        }),
      ],
      { retry: { attempts: 3, firstDelayMs: 5, maxDelayMs: 20 } },
    );
    await log.broker.publish([1, 2, 3, 4].flatMap((n) => [thing(bad, n), thing(good, n)]));
    await eventually('parking', () => consumer.stats().parked === 2);
    await eventually('the others', async () => (await numbers(good)).length === 4);
    expect(await numbers(bad)).toEqual([1]);
    expect(await numbers(good)).toEqual([1, 2, 3, 4]);
    const letters = await service.database.query(
      sql('t.dead', 'select "offset", reason, attempts, key from dead_letter order by id'),
    );
    expect(letters).toMatchObject([
      { reason: 'failed', attempts: 3, key: bad },
      { reason: 'parked', attempts: 0, key: bad },
      { reason: 'parked', attempts: 0, key: bad },
    ]);
    // Five results: one of each message that was handled, none of those rolled back.
    expect(await rowCount(service.database, 'outbox')).toBe(5);
  });

  it('buries what it cannot understand at once and as it came, and parks the key', async () => {
    const keys = Array.from({ length: 7 }, () => newId()) as [string, string, string, string, string, string, string];
    const broken = [
      { ...thing(keys[0], 1), value: '{"n":' },
      { ...thing(keys[1], 1), value: '{"n":"one"}' },
      { ...thing(keys[2], 1), headers: { ...thing(keys[2], 1).headers, ce_id: 'not-a-uuid' } },
      { ...thing(keys[3], 1), headers: { ...thing(keys[3], 1).headers, ce_time: 'yesterday' } },
      { ...thing(keys[4], 1), headers: { ...thing(keys[4], 1).headers, ce_depth: '-1' } },
      { ...thing(keys[5], 1), headers: { nothing: 'known' } },
    ];
    const consumer = await start([recording]);
    await log.broker.publish([...broken, ...keys.map((key) => thing(key, 2))]);
    await eventually('burials', () => consumer.stats().buried === broken.length);
    await eventually('parking', () => consumer.stats().parked === 6);
    await eventually('the sound one', async () => (await numbers(keys[6])).length === 1);
    expect(await numbers()).toEqual([2]);
    const letters = await service.database.query<{
      key: string;
      error: string;
      headers: unknown;
      value: string;
      reason: string;
    }>(sql('t.undecodable', `select key, error, headers, value, reason from dead_letter where reason <> 'parked'`));
    const byKey = new Map(letters.map((letter) => [letter.key, letter]));
    for (const message of broken) {
      expect(byKey.get(message.key)).toMatchObject({
        reason: 'undecodable',
        headers: message.headers,
        value: message.value,
      });
    }
    expect(byKey.get(keys[1])?.error).toContain('n: expected a number');
    expect(byKey.get(keys[3])?.error).toContain('ce_time');
  });

  it('buries a message that is older than its inbox remembers', async () => {
    const old = new Date(Date.now() - 36 * 86_400_000).toISOString();
    const consumer = await start([recording]);
    await log.broker.publish([thing(newId(), 1, { time: old }), thing(newId(), 2)]);
    await eventually('the young one', async () => (await numbers()).length === 1);
    await eventually('burial', () => consumer.stats().buried === 1);
    expect(await numbers()).toEqual([2]);
    expect(await service.database.query(sql('t.old', 'select reason from dead_letter'))).toEqual([
      { reason: 'too_old' },
    ]);
  });

  it('buries a message whose consequences would make the chain too deep', async () => {
    const consumer = await start([
      subscription({
        on: ThingHappened,
        handle: async ({ emit, envelope }) => emit(...draftsFor(envelope.subject, [2], ResultMade)),
      }),
    ]);
    await log.broker.publish([thing(newId(), 1, { depth: 50 }), thing(newId(), 1, { depth: 49 })]);
    await eventually('burial', () => consumer.stats().buried === 1);
    await eventually('the other', () => consumer.stats().handled === 1);
    expect(await service.database.query(sql('t.deep', 'select reason, attempts from dead_letter'))).toEqual([
      { reason: 'too_deep', attempts: 1 },
    ]);
  });

  it('waits in place for a service that it asks, and others go on; facts arrive in the handler', async () => {
    const slow = newId();
    let other = newId();
    while (partitionOf(other, 8) === partitionOf(slow, 8)) other = newId();
    let asked = 0;
    await start(
      [
        subscription({
          on: ThingHappened,
          gather: async (envelope: Envelope<Numbered>) => {
            if (envelope.key === slow && (asked += 1) <= 4) throw new DomainError('UNAVAILABLE', 'away');
            return { double: envelope.data.n * 2 };
          },
          handle: ({ tx, envelope, facts }) => effect(tx, { key: envelope.key, data: { n: facts.double } }),
        }),
      ],
      { retry: { attempts: 2, firstDelayMs: 30, maxDelayMs: 100 } },
    );
    await log.broker.publish([thing(slow, 1), thing(other, 1), thing(slow, 2)]);
    await eventually('all', async () => (await numbers()).length === 3);
    expect((await effectsOf(service.database)).map(({ key, n }) => [key === slow ? 'slow' : 'other', n])).toEqual([
      ['other', 2],
      ['slow', 2],
      ['slow', 4],
    ]);
    expect(asked).toBeGreaterThan(4); // more often than the two attempts that a failure for good gets
    expect(await rowCount(service.database, 'dead_letter')).toBe(0);
  });

  it('takes what a given predicate calls transient as such', async () => {
    let failures = 0;
    await start(
      [
        subscription({
          on: ThingHappened,
          handle: async ({ tx, envelope }) => {
            if ((failures += 1) <= 6) throw Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
            await effect(tx, envelope);
          },
        }),
      ],
      {
        retry: { attempts: 1, firstDelayMs: 5, maxDelayMs: 10 },
        isTransient: (error) => (error as { code?: number }).code === 14,
      },
    );
    await log.broker.publish([thing(newId(), 1)]);
    await eventually('success', async () => (await numbers()).length === 1);
  });

  it('waits while its database is away, buries nothing, and goes on when it is back', async () => {
    const proxy = await createFaultProxy(service.url);
    const database = createDatabase({ connectionString: proxy.url, applicationName: 'test' });
    stops.push(
      () => proxy.close(),
      () => database.close(),
    );
    const consumer = await start([recording], { database, retry: { attempts: 1, firstDelayMs: 10, maxDelayMs: 50 } });
    await log.broker.publish([thing(newId(), 1)]);
    await eventually('the first', async () => (await numbers()).length === 1);
    await proxy.cut();
    await log.broker.publish([2, 3].map((n) => thing(newId(), n)));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(consumer.stats()).toMatchObject({ handled: 1, buried: 0 });
    await proxy.restore();
    await eventually('the rest', async () => (await numbers()).length === 3);
    expect(await rowCount(service.database, 'dead_letter')).toBe(0);
  });

  it('loses and doubles nothing when its connections are ended again and again', async () => {
    await start(
      [
        subscription({
          on: ThingHappened,
          handle: async ({ tx, envelope }) => {
            await effect(tx, envelope);
            await tx.query(sql('t.sleep', 'select pg_sleep(0.002)'));
          },
        }),
      ],
      { batchSize: 10, retry: { attempts: 1, firstDelayMs: 5, maxDelayMs: 20 } },
    );
    const keys = Array.from({ length: 10 }, () => newId());
    for (let n = 1; n <= 20; n += 1) {
      await log.broker.publish(keys.map((key) => thing(key, n)));
      if (n % 4 === 0) await terminateConnections(service.url);
    }
    await eventually('all', async () => {
      const effects = await effectsOf(service.database).catch(() => []);
      return effects.length >= 200;
    });
    for (const key of keys)
      expect(await numbers(key)).toEqual(Array.from({ length: 20 }, (_entry, index) => index + 1));
    expect(await rowCount(service.database, 'dead_letter')).toBe(0);
  });

  it('shares the work of two processes without doing anything twice, also when one of them stops', async () => {
    const consumers = [await start([recording], { batchSize: 5 }), await start([recording], { batchSize: 5 })];
    const keys = Array.from({ length: 16 }, () => newId());
    for (let n = 1; n <= 10; n += 1) {
      await log.broker.publish(keys.map((key) => thing(key, n)));
      if (n === 5) await consumers[0]?.stop();
    }
    await eventually('all', async () => (await numbers()).length >= 160);
    for (const key of keys) expect(await numbers(key)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('claims by indexes alone', async () => {
    await service.database.query(
      sql('t.inbox', `insert into inbox select 'test-group', gen_random_uuid(), now() from generate_series(1, 3000)`),
    );
    await service.database.query(
      sql(
        't.parked',
        `insert into parked_key select 'test-group', 't', 'k' || n, now() from generate_series(1, 3000) as n`,
      ),
    );
    await service.database.query(sql('t.analyze', 'analyze'));
    const text = claimMany.text
      .replaceAll('$1', `'test-group'`)
      .replaceAll('$2::text[]', `'{t}'::text[]`)
      .replaceAll('$3::text[]', `'{k1}'::text[]`)
      .replaceAll('$4::uuid[]', `'{${newId()}}'::uuid[]`)
      .replaceAll('$5::timestamptz[]', `'{2026-01-01}'::timestamptz[]`);
    const plan = (await service.database.query<{ 'QUERY PLAN': string }>(sql('t.plan', `explain ${text}`)))
      .map((row) => row['QUERY PLAN'])
      .join('\n');
    expect(plan).toContain('parked_key_pkey');
    expect(plan).not.toContain('Seq Scan on parked_key');
  });
});

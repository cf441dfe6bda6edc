import { newId, systemClock } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buryKept,
  deadLetters,
  forgetDeadLetters,
  foreignHeaders,
  redrive,
  RefusedError,
  subscription,
  UndecodableError,
  type Envelope,
  type HandlerContext,
  type KeptMessage,
  type OutgoingMessage,
} from '../src/index.ts';
import { createTestBroker, eventually, readAll, type TestBroker } from '../src/testing.ts';
import { consumerOf, createTestService, rowCount, ThingHappened, type Numbered, type TestService } from './harness.ts';

const group = 'test-group';
const topic = ThingHappened.topic;

/** As another system sends it: who, what, when. */
function sent(key: string, n: unknown, more: Record<string, string> = {}): OutgoingMessage {
  const headers = {
    ce_specversion: '1.0',
    ce_id: newId(),
    ce_source: '/phones',
    ce_type: ThingHappened.typeName,
    ce_time: systemClock.now().toISOString(),
    'content-type': 'application/json',
    ...more,
  };
  return { topic, key, headers, value: JSON.stringify({ n }) };
}

describe('messages of other systems', () => {
  let service: TestService;
  let log: TestBroker;
  let seen: Envelope<Numbered>[];
  let handle: (context: HandlerContext<Numbered>) => Promise<void>;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    [service, log] = await Promise.all([createTestService(systemClock), createTestBroker()]);
    seen = [];
    handle = async ({ envelope }) => void seen.push(envelope);
    const consumer = consumerOf({
      service,
      broker: log.broker,
      clock: systemClock,
      subscriptions: [
        subscription({
          on: ThingHappened,
          foreign: { others: ['tom.thing.v1.OtherHappened'] },
          check: ({ data, key }) => {
            if (key === 'wrong' || data.n < 0) throw new UndecodableError('n: expected a number from 0');
          },
          handle: (context) => handle(context),
        }),
      ],
    });
    await consumer.start();
    stop = () => consumer.stop();
  });
  afterEach(async () => {
    await stop();
    await Promise.all([service.drop(), log.drop()]);
  });

  const buried = (count: number) =>
    eventually('burial', async () => (await rowCount(service.database, 'dead_letter')) === count).then(() =>
      deadLetters({ database: service.database, group }),
    );

  it('need to say who sends what and when; the rest is made up, and nobody becomes somebody else by writing so', async () => {
    const [plain, bold] = [sent('K-1', 1), sent('K-2', 2, { ce_actor: 'user:root', ce_template: 'x', ce_subject: newId(), ce_depth: '7' })];
    await log.broker.publish([plain, bold]);
    await eventually('both', () => seen.length === 2);
    expect(seen.find(({ key }) => key === 'K-1')).toMatchObject({
      subject: 'K-1',
      aggregateId: 'K-1',
      revision: 0,
      depth: 0,
      actor: 'client:phones',
      correlationId: plain.headers['ce_id'],
    });
    const other = seen.find(({ key }) => key === 'K-2');
    expect(other).toMatchObject({ subject: 'K-2', actor: 'client:phones', depth: 7 });
    expect(other?.template).toBeUndefined();
  });

  it('of a type that nobody knows are refused; those that others handle are not ours to judge', async () => {
    await log.broker.publish([
      sent('K-1', 1, { ce_type: 'tom.thing.v1.ThingHapened' }),
      sent('K-2', 1, { ce_type: 'tom.thing.v1.OtherHappened' }),
    ]);
    const [letter, ...others] = await buried(1);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ key: 'K-1', reason: 'undecodable' });
    expect(letter?.error).toContain('tom.thing.v1.ThingHapened is not known on this topic');
  });

  it('that are too long are refused and kept cut', async () => {
    await log.broker.publish([{ ...sent('K-1', 1), value: JSON.stringify({ n: 1, text: 'x'.repeat(262_144) }) }]);
    const [letter] = await buried(1);
    expect(letter).toMatchObject({ reason: 'undecodable', subject: 'K-1' });
    expect(letter?.error).toContain('expected at most 262144 bytes');
    expect(letter?.value).toHaveLength(4_096);
  });

  it('that a check or a handler refuses are buried at once, and others go on', async () => {
    let tries = 0;
    handle = async ({ envelope }) => {
      if (envelope.key === 'refused') {
        tries += envelope.data.n === 1 ? 1 : 0;
        throw new RefusedError('the other half of it does not exist');
      }
      seen.push(envelope);
    };
    await log.broker.publish([sent('refused', 1), sent('refused', 2), sent('wrong', 1), sent('K-1', -1), sent('K-2', 3)]);
    const letters = await buried(4);
    await eventually('the other', () => seen.length > 0);
    expect(letters.map(({ key, reason, attempts }) => [key, reason, attempts]).sort()).toEqual([
      ['K-1', 'undecodable', 1],
      ['refused', 'parked', 0],
      ['refused', 'refused', 1],
      ['wrong', 'undecodable', 1],
    ]);
    expect(letters.find(({ reason }) => reason === 'refused')?.error).toBe('the other half of it does not exist');
    expect(tries).toBeLessThanOrEqual(2);
  });

  it('that a handler kept can be buried later as one line, which a redrive brings back in its order', async () => {
    const kept: KeptMessage[] = [];
    handle = async ({ envelope, message }) => void kept.push({ envelope, message });
    await log.broker.publish([sent('K-1', 1), sent('K-1', 2), sent('K-1', 3)]);
    await eventually('all', () => kept.length === 3);
    const { database } = service;
    await database.transaction((tx) =>
      buryKept(tx, { group, kept, reason: 'expired', error: 'waited for 14 days', now: systemClock.now() }),
    );
    const letters = await buried(3);
    expect(letters.map(({ reason, error }) => [reason, error])).toEqual([
      ['expired', 'waited for 14 days'],
      ['parked', expect.stringContaining('earlier message')],
      ['parked', expect.stringContaining('earlier message')],
    ]);
    expect(await rowCount(database, 'outbox')).toBe(0);
    handle = async ({ envelope }) => void seen.push(envelope);
    expect(await redrive({ database, group, key: 'K-1' })).toBe(1);
    await eventually('the line', () => seen.length === 3);
    expect(seen.map(({ data, actor }) => [data.n, actor])).toEqual([1, 2, 3].map((n) => [n, 'client:phones']));
    expect(await readAll(log.broker, [topic])).toHaveLength(3);
  });

  it('from the future are refused, a minute of clock error allowed', async () => {
    const inSeconds = (seconds: number) => new Date(systemClock.now().getTime() + seconds * 1_000).toISOString();
    await log.broker.publish([sent('K-1', 1, { ce_time: inSeconds(600) }), sent('K-2', 1, { ce_time: inSeconds(30) })]);
    const [letter] = await buried(1);
    expect(letter).toMatchObject({ key: 'K-1', reason: 'undecodable', error: expect.stringContaining('ce_time') as string });
    await eventually('the other', () => seen.length === 1);
  });

  it('can be forgotten with their line', async () => {
    await log.broker.publish([sent('wrong', 1), sent('wrong', 2), sent('K-1', -1)]);
    await buried(3);
    await service.database.transaction((tx) => forgetDeadLetters(tx, topic, 'wrong'));
    expect((await deadLetters({ database: service.database, group })).map(({ key }) => key)).toEqual(['K-1']);
    expect(await rowCount(service.database, 'parked_key')).toBe(1);
  });
});

describe('the headers of another system', () => {
  it('without a source or an id are left as incomplete as they are, to be refused by name', () => {
    expect(foreignHeaders({ key: 'K-1', headers: { ce_specversion: '1.0' } })).toEqual({
      ce_specversion: '1.0',
      ce_depth: '0',
      ce_subject: 'K-1',
      ce_aggregateid: 'K-1',
      ce_revision: '0',
    });
  });
});

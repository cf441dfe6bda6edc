import { DomainError, ids, newId } from '@tom/kernel';
import { manualClock } from '@tom/kernel/testing';
import { sql } from '@tom/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { causedBy, createOutbox, DepthExceededError, parseHeaders } from '../src/index.ts';
import {
  createTestService,
  draftsFor,
  origin,
  ResultMade,
  rowCount,
  ThingHappened,
  type TestService,
} from './harness.ts';

const clock = manualClock('2026-03-01T09:00:00.123Z');
const selectOutbox = sql('test.outbox', 'select topic, key, headers, value from outbox order by id');
const selectHistory = sql(
  'test.history',
  'select event_id, revision, type, occurred_at, envelope from thing_history order by revision',
);

interface Stored {
  readonly topic: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly value: string;
}

describe('the outbox', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(clock);
  });
  afterAll(() => service.drop());

  async function emptied(): Promise<void> {
    await service.database.query(sql('test.clear', 'truncate outbox, thing_history'));
  }

  it('keeps a message and its history with the commit, such that they read back the same', async () => {
    await emptied();
    const key = newId();
    const [envelope] = await service.database.transaction((tx) =>
      service.outbox.append(tx, origin(), draftsFor(key, [1])),
    );
    const [stored] = await service.database.query<Stored>(selectOutbox);
    expect(stored).toMatchObject({ topic: ThingHappened.topic, key });
    expect({ ...parseHeaders(stored as Stored), data: JSON.parse(stored?.value ?? '') as unknown }).toEqual(envelope);
    const [history] = await service.database.query<{ event_id: string; envelope: unknown; occurred_at: Date }>(
      selectHistory,
    );
    expect(history?.event_id).toBe(envelope?.id);
    expect(history?.envelope).toEqual(envelope);
    expect(history?.occurred_at).toEqual(clock.now());
  });

  it('keeps nothing of a transaction that is rolled back, and wakes nobody', async () => {
    await emptied();
    let woken = 0;
    const off = service.outbox.onWake(() => (woken += 1));
    await expect(
      service.database.transaction(async (tx) => {
        await service.outbox.append(tx, origin(), draftsFor(newId(), [1]));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await rowCount(service.database, 'outbox')).toBe(0);
    expect(await rowCount(service.database, 'thing_history')).toBe(0);
    expect(woken).toBe(0);
    off();
  });

  it('wakes the relay once after the commit, whatever was appended in how many calls', async () => {
    await emptied();
    let woken = 0;
    const off = service.outbox.onWake(() => (woken += 1));
    await service.database.transaction(async (tx) => {
      await service.outbox.append(tx, origin(), draftsFor(newId(), [1, 2]));
      await service.outbox.append(tx, origin(), draftsFor(newId(), [1]));
      expect(woken).toBe(0);
    });
    expect(woken).toBe(1);
    expect(await rowCount(service.database, 'outbox')).toBe(3);
    off();
  });

  it('fails the transaction when a revision of the aggregate is told twice', async () => {
    await emptied();
    const key = newId();
    const append = () => service.database.transaction((tx) => service.outbox.append(tx, origin(), draftsFor(key, [1])));
    await append();
    await expect(append()).rejects.toThrow('thing_history_revision');
    expect(await rowCount(service.database, 'outbox')).toBe(1);
  });

  it('has no history for what is not an event of its own kind', async () => {
    await emptied();
    const draft = { type: ResultMade, aggregateId: newId(), revision: 1, orgId: newId(), data: { n: 1 } };
    await service.database.transaction((tx) => service.outbox.append(tx, origin(), [draft]));
    expect(await rowCount(service.database, 'outbox')).toBe(1);
    expect(await rowCount(service.database, 'thing_history')).toBe(0);
  });

  it('derives the ids of what a message causes, and never dates it before its cause', async () => {
    const [key, causeId] = [newId(), newId()];
    const [cause] = service.outbox.rows(origin(), [
      { ...draftsFor(key, [1])[0]!, id: causeId, time: new Date('2026-03-01T10:00:00Z') },
    ]);
    const caused = () => service.outbox.rows(causedBy(cause!.envelope, 'service:test'), draftsFor(key, [2, 3]));
    const [first, second] = caused();
    expect(caused()).toEqual([first, second]);
    expect([first?.id, second?.id]).toEqual(
      [0, 1].map((index) => ids.causedMessage(causeId, ThingHappened.typeName, key, index)),
    );
    expect(first?.envelope).toMatchObject({ causationId: causeId, depth: 1, time: '2026-03-01T10:00:00.000Z' });
    expect(first?.envelope.correlationId).toBe(cause?.envelope.correlationId);
  });

  it('refuses a chain of causes that is too deep', () => {
    const deep = { ...origin(), depth: 51 };
    expect(() => service.outbox.rows(deep, draftsFor(newId(), [1]))).toThrow(DepthExceededError);
    expect(service.outbox.rows({ ...deep, depth: 50 }, draftsFor(newId(), [1]))).toHaveLength(1);
  });

  it('refuses writes as unavailable while more waits than the bound allows', () => {
    const outbox = createOutbox({ source: 'test-service', clock, bound: 10 });
    outbox.reportWaiting(10);
    expect(() => outbox.rows(origin(), draftsFor(newId(), [1]))).toThrow(DomainError);
    outbox.reportWaiting(9);
    expect(outbox.rows(origin(), draftsFor(newId(), [1]))).toHaveLength(1);
  });

  it('lets a hot statement insert its rows, those that its condition names', async () => {
    await emptied();
    const hot = sql(
      'test.hot',
      `with ${service.outbox.cte('$1', 'r.item = any ($2::int[])')} select count(*) as size from outbox_row`,
    );
    const rows = service.outbox.rows(origin(), draftsFor(newId(), [1, 2, 3])).map((row, item) => ({ ...row, item }));
    expect(await service.database.query(hot, [JSON.stringify(rows), [0, 2]])).toEqual([{ size: 2 }]);
    expect(await rowCount(service.database, 'outbox')).toBe(2);
    const history = await service.database.query<{ revision: number }>(selectHistory);
    expect(history.map(({ revision }) => revision)).toEqual([1, 3]);
  });
});

import { sql } from '@tom/postgres';
import { systemClock } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idempotent } from '../src/index.ts';
import { createTestService, rowCount, type TestService } from './harness.ts';

describe('idempotent', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(systemClock);
  });
  afterAll(() => service.drop());

  const call = (key: string | undefined, bodyHash = 'hash') => ({
    actor: 'user:ida',
    route: 'POST /things',
    key,
    bodyHash,
  });
  const run = <A>(key: string | undefined, work: () => Promise<A>, bodyHash?: string) =>
    service.database.transaction((tx) => idempotent(tx, call(key, bodyHash), work));

  it('runs the work once and answers a repetition with the first answer', async () => {
    let runs = 0;
    const work = async () => ({ id: 'a', n: (runs += 1), nested: [{ x: null }] });
    expect(await run('k1', work)).toEqual({ answer: { id: 'a', n: 1, nested: [{ x: null }] }, replayed: false });
    expect(await run('k1', work)).toEqual({ answer: { id: 'a', n: 1, nested: [{ x: null }] }, replayed: true });
    expect(runs).toBe(1);
  });

  it('refuses the key for another body', async () => {
    await run('k2', async () => 1);
    await expect(run('k2', async () => 2, 'other')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('sets actors, routes and keys apart', async () => {
    await run('k3', async () => 1);
    const other = { ...call('k3'), actor: 'user:bo' };
    const answer = await service.database.transaction((tx) => idempotent(tx, other, async () => 2));
    expect(answer).toEqual({ answer: 2, replayed: false });
  });

  it('keeps no refusal: the next attempt runs', async () => {
    await expect(run('k4', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await run('k4', async () => 'done')).toEqual({ answer: 'done', replayed: false });
  });

  it('lets a twin that runs at the same time wait and answers it the same', async () => {
    let runs = 0;
    const work = async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { n: runs };
    };
    const answers = await Promise.all(Array.from({ length: 5 }, () => run('k5', work)));
    expect(runs).toBe(1);
    expect(answers.map(({ answer }) => answer)).toEqual(Array.from({ length: 5 }, () => ({ n: 1 })));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('lets the waiting twin run when the first is refused', async () => {
    let runs = 0;
    const attempts = await Promise.allSettled(
      [1, 2].map(() =>
        run('k6', async () => {
          runs += 1;
          if (runs === 1) {
            await new Promise((resolve) => setTimeout(resolve, 50));
            throw new Error('refused');
          }
          return 'done';
        }),
      ),
    );
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('forgets after a day', async () => {
    await run('k7', async () => 1);
    await service.database.query(
      sql('t.age', `update idempotency set created_at = now() - interval '25 hours' where key = 'k7'`),
    );
    expect(await run('k7', async () => 2, 'other')).toEqual({ answer: 2, replayed: false });
    expect(await run('k7', async () => 3, 'other')).toEqual({ answer: 2, replayed: true });
  });

  it('keeps nothing for a call without a key', async () => {
    const before = await rowCount(service.database, 'idempotency');
    expect(await run(undefined, async () => 1)).toEqual({ answer: 1, replayed: false });
    expect(await rowCount(service.database, 'idempotency')).toBe(before);
  });
});

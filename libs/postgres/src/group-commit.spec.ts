import { describe, expect, it } from 'vitest';
import { groupCommit } from './group-commit.ts';

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('groupCommit', () => {
  it('brings callers together while one batch is in flight, and answers each its own', async () => {
    const batches: number[][] = [];
    let inFlight = 0;
    const commit = groupCommit<number, number>({
      execute: async (items) => {
        inFlight += 1;
        expect(inFlight).toBe(1);
        batches.push(items);
        await later(5);
        inFlight -= 1;
        return items.map((item) => item * 2);
      },
      maxBatch: 4,
    });
    const first = commit(0);
    await later(1);
    const rest = [1, 2, 3, 4, 5].map((item) => commit(item));
    expect(await Promise.all([first, ...rest])).toEqual([0, 2, 4, 6, 8, 10]);
    expect(batches).toEqual([[0], [1, 2, 3, 4], [5]]);
  });

  it('waits a moment for those who were answered together, so that they go together again', async () => {
    const sizes: number[] = [];
    const commit = groupCommit<number, number>({
      execute: async (items) => {
        sizes.push(items.length);
        await later(2);
        return items;
      },
      gatherMs: 1_000,
    });
    const caller = async (delay: number) => {
      for (let n = 0; n < 3; n += 1) {
        await commit(n);
        await later(delay);
      }
    };
    await Promise.all([caller(0), caller(1), caller(2), caller(3)]);
    expect(sizes).toEqual([4, 4, 4]);
  });

  it('does not wait longer than it was told', async () => {
    const commit = groupCommit<number, number>({ execute: async (items) => items, gatherMs: 10 });
    await Promise.all([commit(1), commit(2)]);
    expect(await commit(3)).toBe(3);
  });

  it('fails the one item for which an error came back', async () => {
    const commit = groupCommit<number, number>({
      execute: async (items) => items.map((item) => (item === 2 ? new Error('two') : item)),
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => commit(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('runs a batch that failed as a whole item by item, so that each fails for its own reason', async () => {
    const sizes: number[] = [];
    const commit = groupCommit<number, number>({
      execute: async (items) => {
        sizes.push(items.length);
        if (items.includes(2)) throw new Error('two');
        return items;
      },
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => commit(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sizes).toEqual([3, 1, 1, 1]);
  });

  it('takes executeOne for the rerun where one is given', async () => {
    const alone: number[] = [];
    const commit = groupCommit<number, string>({
      execute: () => Promise.reject(new Error('whole')),
      executeOne: async (item) => (alone.push(item), `one ${item}`),
    });
    expect(await Promise.all([commit(1), commit(2)])).toEqual(['one 1', 'one 2']);
    expect(alone).toEqual([1, 2]);
  });

  it('refuses as unavailable beyond its bound, and recovers', async () => {
    const commit = groupCommit<number, number>({
      execute: async (items) => (await later(5), items),
      maxQueued: 2,
      maxBatch: 1,
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => commit(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
    expect(await commit(4)).toBe(4);
  });
});

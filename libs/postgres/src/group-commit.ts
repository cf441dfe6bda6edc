import { DomainError } from '@tom/kernel';

/**
 * How callers are brought together; `execute` answers in the order of its items, an Error for an item that failed
 * alone. `gatherMs` is how long a batch waits at the most for as many callers as the batch before had: callers that
 * were answered together come back one after the other, and would else go half now and half later. Default 0.
 */
export interface GroupCommitOptions<I, O> {
  readonly execute: (items: I[]) => Promise<(O | Error)[]>;
  readonly executeOne?: (item: I) => Promise<O>;
  readonly maxBatch?: number;
  readonly maxQueued?: number;
  readonly gatherMs?: number;
}

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (value: O) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Brings concurrent callers into one statement: one in flight, no timer, so a lone caller waits for nobody. A batch
 * that fails as a whole is rerun item by item, so each item fails only for its own reason. Beyond `maxQueued`
 * (default 5000) waiting callers it refuses with UNAVAILABLE.
 */
export function groupCommit<I, O>(options: GroupCommitOptions<I, O>): (item: I) => Promise<O> {
  const { execute, maxBatch = 200, maxQueued = 5000, gatherMs = 0 } = options;
  let queue: Waiting<I, O>[] = [];
  let inFlight = false;
  let expected = 1;
  let gathered: (() => void) | undefined;

  async function executeOne(item: I): Promise<O> {
    if (options.executeOne) return options.executeOne(item);
    const [result] = await execute([item]);
    if (result instanceof Error) throw result;
    return result as O;
  }

  async function settleOneByOne(batch: readonly Waiting<I, O>[]): Promise<void> {
    for (const waiting of batch) {
      try {
        waiting.resolve(await executeOne(waiting.item));
      } catch (error) {
        waiting.reject(error);
      }
    }
  }

  async function settle(batch: readonly Waiting<I, O>[]): Promise<void> {
    let results: (O | Error)[];
    try {
      results = await execute(batch.map((waiting) => waiting.item));
      if (results.length !== batch.length) throw new Error(`${results.length} results for ${batch.length} items`);
    } catch (error) {
      if (batch.length === 1 && !options.executeOne) batch[0]?.reject(error);
      else await settleOneByOne(batch);
      return;
    }
    batch.forEach((waiting, index) => {
      const result = results[index];
      if (result instanceof Error) waiting.reject(result);
      else waiting.resolve(result as O);
    });
  }

  function gather(): Promise<void> {
    if (queue.length >= expected || gatherMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => gathered?.(), gatherMs);
      gathered = () => {
        clearTimeout(timer);
        gathered = undefined;
        resolve();
      };
    });
  }

  async function drain(): Promise<void> {
    inFlight = true;
    // Requests that arrived in the same read of the sockets join the first batch; not a timer, nothing is waited for.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      await gather();
      const batch = queue.slice(0, maxBatch);
      queue = queue.slice(maxBatch);
      await settle(batch);
      expected = Math.min(batch.length + queue.length, maxBatch);
    }
    inFlight = false;
  }

  return (item) =>
    new Promise<O>((resolve, reject) => {
      if (queue.length >= maxQueued) {
        reject(new DomainError('UNAVAILABLE', 'Too many writes are waiting; try again shortly.'));
        return;
      }
      queue.push({ item, resolve, reject });
      if (!inFlight) void drain();
      else if (queue.length >= expected) gathered?.();
    });
}

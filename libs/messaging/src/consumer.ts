import { isDomainError, type Clock } from '@tom/kernel';
import { isTransient, type Database, type Logger } from '@tom/postgres';
import type { BatchOutcome, Broker, IncomingMessage, PausedPartition } from './broker.ts';
import { RefusedError } from './dead-letters.ts';
import { buryOne, handleTogether, type HandleContext, type ReadyWork } from './handle-batch.ts';
import { routesOf, understand, type Incoming, type Reject, type Work } from './incoming.ts';
import { DepthExceededError, type Outbox } from './outbox.ts';
import { defaultParkedLimits, NoRoomError, type ParkedLimits } from './parked-limits.ts';
import { createRedriver } from './redriver.ts';
import type { Subscription } from './subscription.ts';
import { backoff, pause } from './wake-up.ts';

/** A member of a consumer group whose effects happen exactly once. */
export interface Consumer {
  /** Joins the group; returns also while log or database are away. */
  start(): Promise<void>;
  /** Leaves the group after the batch under way. */
  stop(): Promise<void>;
  /** Counts since the start, for metrics. */
  stats(): ConsumerStats;
}

/**
 * `retries` counts messages that were left for a later attempt, `buried` those put among the dead letters; `stopped` is
 * how many partitions stand still at this moment because there is no room among the dead letters.
 */
export interface ConsumerStats {
  readonly handled: number;
  readonly duplicates: number;
  readonly retries: number;
  readonly buried: number;
  readonly parked: number;
  readonly stopped: number;
}

/**
 * `attempts` (default 5) is how often a message may fail for good before it is buried; delays (default 100 ms
 * doubling to 10 s) apply to those attempts and to transient failures, which are tried without end.
 */
export interface RetryPolicy {
  readonly attempts?: number;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
}

/**
 * `isTransient` adds to what counts as transient (gRPC's UNAVAILABLE, say) beside the database's errors and
 * DomainErrors of kind `unavailable`. `batchSize` defaults to 200, `paceMs` (see the broker's) to 0, `gatherConcurrency`
 * to 16, `inboxRetentionDays` to 35. Beyond `parkedLimits` (1,000 keys, 10,000 messages) a partition stops until there is
 * room again.
 */
export interface ConsumerOptions {
  readonly database: Database;
  readonly broker: Broker;
  readonly group: string;
  readonly subscriptions: readonly Subscription[];
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly batchSize?: number;
  readonly paceMs?: number;
  readonly retry?: RetryPolicy;
  readonly isTransient?: (error: unknown) => boolean;
  readonly gatherConcurrency?: number;
  readonly inboxRetentionDays?: number;
  readonly parkedLimits?: Partial<ParkedLimits>;
}

type Gathered = { readonly work: Work; readonly facts: unknown } | { readonly work: Work; readonly error: unknown };

const DAY_MS = 86_400_000;
/** Of another system; what it causes here is never dated before it, so it must not lead far into the future. */
const CLOCK_ERROR_MS = 60_000;

/** Splits a batch so that each message which must be refused stands alone, in its place. */
function segmentsOf(incoming: readonly Incoming[]): (Work[] | Reject)[] {
  const segments: (Work[] | Reject)[] = [];
  for (const item of incoming) {
    const last = segments.at(-1);
    if (item.kind === 'reject') segments.push(item);
    else if (Array.isArray(last)) last.push(item);
    else segments.push([item]);
  }
  return segments;
}

const partitionKey = (message: IncomingMessage): string => `${message.topic} ${message.partition}`;
const placeOf = (message: IncomingMessage): string => `${partitionKey(message)} ${message.offset}`;

/**
 * A consumer of one group: batches in one transaction, one by one when that fails, dead letters for what never works.
 */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { database, broker, group, outbox, clock, logger, batchSize = 200, paceMs = 0, gatherConcurrency = 16 } = options;
  const { attempts: maxAttempts = 5, firstDelayMs = 100, maxDelayMs = 10_000 } = options.retry ?? {};
  const routes = routesOf(options.subscriptions);
  const topics = [...new Set(options.subscriptions.map((entry) => entry.on.topic))];
  const retentionMs = (options.inboxRetentionDays ?? 35) * DAY_MS;
  const limits: ParkedLimits = { ...defaultParkedLimits, ...options.parkedLimits };
  const context: HandleContext = { database, group, outbox, clock, actor: `service:${outbox.source.slice(5)}`, limits };
  const failures = new Map<string, { transient: number; forGood: number }>();
  const counts = { handled: 0, duplicates: 0, retries: 0, buried: 0, parked: 0 };
  /** Partitions that stand still for lack of room, with when that was last found. */
  const stopped = new Map<string, number>();
  let member: { stop(): Promise<void> } | undefined;

  const passes = (error: unknown): boolean =>
    isTransient(error) ||
    (isDomainError(error) && error.kind === 'unavailable') ||
    (options.isTransient?.(error) ?? false);

  const redriver = createRedriver({ context, routes, logger, isTransient: passes });

  /** Tries until it works, or fails with what is not transient; undefined when the member stops. */
  async function insist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    for (let attempt = 1; attempt === 1 || !signal.aborted; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (attempt === 1)
          logger.warn({ group, error: String(error) }, 'the database is away; the consumer waits for it');
        await pause(backoff(attempt, firstDelayMs, maxDelayMs), signal);
      }
    }
    return undefined;
  }

  function createRun(signal: AbortSignal) {
    const paused = new Map<string, PausedPartition>();
    let abandoned = false;

    /** Whether the member stops; what is skipped for that reason comes again. */
    function stops(): boolean {
      if (signal.aborted) abandoned = true;
      return signal.aborted;
    }

    /** Nothing is lost and nothing overtakes: the message stays in the log, and its partition with it. */
    function stopAt(message: IncomingMessage, error: NoRoomError): void {
      const { topic, partition, offset } = message;
      if (!stopped.has(partitionKey(message))) {
        const text = 'the partition stops until dead letters are redriven or dropped';
        logger.error({ group, topic, partition, offset, error: error.message }, text);
      }
      stopped.set(partitionKey(message), performance.now());
      pauseAt(message, maxDelayMs);
    }

    function goOn(batch: readonly IncomingMessage[]): void {
      if (stopped.size === 0) return;
      for (const message of batch) {
        if (isPaused(message) || !stopped.delete(partitionKey(message))) continue;
        logger.info({ group, topic: message.topic, partition: message.partition }, 'the partition goes on');
      }
    }

    const isPaused = (message: IncomingMessage): boolean => paused.has(partitionKey(message));

    function pauseAt(message: IncomingMessage, retryInMs: number): void {
      const { topic, partition, offset } = message;
      counts.retries += 1;
      paused.set(partitionKey(message), { topic, partition, offset, retryInMs });
    }

    async function buryNow(
      item: Work | Reject,
      reason: Reject['reason'],
      error: string,
      attempts: number,
    ): Promise<void> {
      const { message } = item;
      const { topic, partition, offset } = message;
      let done: boolean | undefined;
      try {
        done = await insist(() => buryOne(context, item, { reason, error, attempts }), signal);
      } catch (failure) {
        if (failure instanceof NoRoomError) return stopAt(message, failure);
        // One message that cannot even be buried must hold up its own partition alone.
        logger.error({ group, topic, partition, offset, error: String(failure) }, 'message cannot be put among the dead letters');
        return pauseAt(message, maxDelayMs);
      }
      if (done === undefined) {
        abandoned = true;
        return;
      }
      failures.delete(placeOf(message));
      if (!done) return;
      counts.buried += 1;
      logger.error({ group, topic, partition, offset, reason, attempts, error }, 'message put among the dead letters');
    }

    /**
     * A failure for good counts towards burial; a transient one only waits. Either way its partition goes no further.
     */
    async function fail(work: Work, error: unknown): Promise<void> {
      const { message, envelope } = work;
      if (error instanceof NoRoomError) return stopAt(message, error);
      const before = failures.get(placeOf(message)) ?? { transient: 0, forGood: 0 };
      const waits = passes(error);
      const after = { transient: before.transient + (waits ? 1 : 0), forGood: before.forGood + (waits ? 0 : 1) };
      failures.set(placeOf(message), after);
      if (waits) {
        if (after.transient === 1)
          logger.warn({ group, type: envelope.type, error: String(error) }, 'waits for another service');
        return pauseAt(message, backoff(after.transient, firstDelayMs, maxDelayMs));
      }
      const attempt = after.forGood;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (error instanceof RefusedError) return buryNow(work, 'refused', error.message, attempt);
      if (error instanceof DepthExceededError) return buryNow(work, 'too_deep', error.message, attempt);
      if (attempt >= maxAttempts) return buryNow(work, 'failed', text, attempt);
      logger.warn({ group, type: envelope.type, id: envelope.id, attempt, error: text }, 'handler failed; tried again');
      pauseAt(message, backoff(attempt, firstDelayMs, maxDelayMs));
    }

    async function gatherOne(work: Work): Promise<Gathered> {
      const { gather } = work.subscription;
      if (!gather) return { work, facts: undefined };
      try {
        return { work, facts: await gather(work.envelope) };
      } catch (error) {
        return { work, error };
      }
    }

    async function gatherAll(works: readonly Work[]): Promise<Gathered[]> {
      const gathered: Gathered[] = [];
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < works.length) {
          const at = next++;
          gathered[at] = await gatherOne(works[at] as Work);
        }
      };
      const asking = works.filter((work) => work.subscription.gather).length;
      await Promise.all(Array.from({ length: Math.max(1, Math.min(gatherConcurrency, asking)) }, worker));
      return gathered;
    }

    async function readyOf(works: readonly Work[]): Promise<ReadyWork[]> {
      const ready: ReadyWork[] = [];
      for (const result of await gatherAll(works)) {
        if (isPaused(result.work.message)) continue;
        if ('error' in result) await fail(result.work, result.error);
        else ready.push({ ...result.work, facts: result.facts });
      }
      return ready;
    }

    async function handle(ready: readonly ReadyWork[]): Promise<void> {
      const result = await handleTogether(context, ready);
      counts.handled += result.handled;
      counts.duplicates += result.duplicates;
      counts.parked += result.parked;
      if (failures.size > 0) for (const { message } of ready) failures.delete(placeOf(message));
    }

    async function oneByOne(ready: readonly ReadyWork[]): Promise<void> {
      for (const work of ready) {
        if (stops()) return;
        if (isPaused(work.message)) continue;
        try {
          if ((await insist(async () => (await handle([work]), true), signal)) === undefined) abandoned = true;
        } catch (error) {
          await fail(work, error);
        }
      }
    }

    /** Facts are asked for anew at each attempt: after a long absence of the database they would be stale. */
    async function segment(works: readonly Work[]): Promise<void> {
      const open = works.filter((work) => !isPaused(work.message));
      let ready: readonly ReadyWork[] = [];
      try {
        const done = await insist(async () => {
          ready = (await readyOf(open)).filter((work) => !isPaused(work.message));
          if (ready.length > 0) await handle(ready);
          return true;
        }, signal);
        if (done === undefined) abandoned = true;
      } catch (error) {
        logger.debug({ group, size: ready.length, error: String(error) }, 'batch failed; handled one by one');
        await oneByOne(ready);
      }
    }

    return async (batch: readonly IncomingMessage[]): Promise<BatchOutcome> => {
      const now = clock.now().getTime();
      const limits = { oldest: new Date(now - retentionMs), newest: new Date(now + CLOCK_ERROR_MS) };
      const incoming = batch.map((message) => understand(message, routes, limits)).filter((item) => item !== undefined);
      for (const part of segmentsOf(incoming)) {
        if (stops()) break;
        if (Array.isArray(part)) await segment(part);
        else if (!isPaused(part.message)) await buryNow(part, part.reason, part.error, 1);
      }
      goOn(batch);
      // A stop left something undone: the whole batch comes again, and the inbox absorbs what was done.
      if (abandoned) for (const message of [...batch].reverse()) pauseAt(message, 0);
      return { paused: [...paused.values()] };
    };
  }

  return {
    start: async () => {
      if (member) return;
      member = await broker.subscribe({
        group,
        topics,
        batchSize,
        paceMs,
        fromBeginning: true,
        onBatch: (batch, signal) => createRun(signal)(batch),
      });
      redriver.start();
    },
    stop: async () => {
      await Promise.all([member?.stop(), redriver.stop()]);
      member = undefined;
    },
    stats: () => {
      // A partition that has gone to another member is not looked at here any more.
      const since = performance.now() - 3 * maxDelayMs;
      return { ...counts, stopped: [...stopped.values()].filter((foundAt) => foundAt >= since).length };
    },
  };
}

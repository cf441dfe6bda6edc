import type { Logger } from '@tom/postgres';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { BatchOutcome, IncomingMessage, SubscribeOptions } from '../broker.ts';
import { backoff, createWakeUp, pause } from '../wake-up.ts';
import { incomingMessage } from './incoming-message.ts';

/**
 * The work of one consumer. kafkajs hands over each partition's messages on its own and asks for more when all are
 * done; here those that come together are handled together (0.80 against 1.45 ms of CPU for each activity).
 */
export interface Rounds {
  /** For `consumer.run`; settles when the round with this batch is over. */
  eachBatch(payload: EachBatchPayload): Promise<void>;
  /** The group has shared its partitions anew: what was done before is no longer ours to commit. */
  joined(): void;
  /** Whether a handler is at work, so that silence is no sign of a hanging consumer. */
  isBusy(): boolean;
  /** Commits what is done; throws when that fails. */
  flush(): Promise<void>;
  /** Resolves when the loop has ended, after `over`. */
  readonly ended: Promise<void>;
}

export interface RoundsOptions {
  readonly consumer: Consumer;
  readonly subscribing: SubscribeOptions;
  readonly logger: Logger;
  readonly heartbeatMs: number;
  /** Aborted when the member stops: what is under way is still settled and committed. */
  readonly stopping: AbortSignal;
  /** Aborted when the member stops or this consumer has failed. */
  readonly over: AbortSignal;
}

interface Arrival {
  readonly payload: EachBatchPayload;
  release(error?: Error): void;
}

const COMMIT_AFTER_MS = 200;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
const NO_HASTE_MS = 60_000;

const LEAVES_GROUP = new Set(['REBALANCE_IN_PROGRESS', 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'NOT_COORDINATOR_FOR_GROUP']);

const leavesGroup = (error: unknown): error is Error =>
  error instanceof Error && 'type' in error && LEAVES_GROUP.has(String(error.type));

const placeOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string => `${topic} ${partition}`;

/** Begins to work; one call of `onBatch` at a time. */
export function createRounds(options: RoundsOptions): Rounds {
  const { consumer, subscribing, logger, heartbeatMs, stopping, over } = options;
  const { group, batchSize, paceMs = 0, onBatch } = subscribing;
  const bell = createWakeUp();
  const arrivals: Arrival[] = [];
  /** Done and not committed: the next offset of each partition. */
  const progress = new Map<string, { readonly topic: string; readonly partition: number; readonly next: number }>();
  let generation = 0;
  let busy = false;
  let failures = 0;
  let commit: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  let committing: Promise<void> | undefined;
  let flushing: Promise<void> = Promise.resolve();

  // --- commits: lazily, because the inbox is the fence and not the offset ---

  async function send(): Promise<void> {
    const sent = [...progress];
    if (sent.length === 0 || !commit) return;
    const topics = new Map<string, { partition: number; offset: string }[]>();
    for (const [, { topic, partition, next }] of sent) {
      topics.set(topic, [...(topics.get(topic) ?? []), { partition, offset: String(next) }]);
    }
    await commit({ topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) });
    for (const [place, item] of sent) if (progress.get(place) === item) progress.delete(place);
  }

  /** One at a time and in order: a commit that is overtaken by its successor would set the offset back. */
  function flush(): Promise<void> {
    flushing = flushing.catch(() => undefined).then(send);
    return flushing;
  }

  function commitSoon(): void {
    committing ??= pause(COMMIT_AFTER_MS, over).then(async () => {
      committing = undefined;
      try {
        await flush();
      } catch (error) {
        // Nothing is lost: what stays uncommitted is committed with the next batch, or comes again to the inbox.
        logger.debug({ group, error: String(error) }, 'offsets not committed');
        if (!over.aborted) commitSoon();
      }
    });
  }

  // --- a round ---

  function holdBack(topic: string, partition: number, milliseconds: number): void {
    consumer.pause([{ topic, partitions: [partition] }]);
    setTimeout(() => {
      if (over.aborted) return;
      try {
        consumer.resume([{ topic, partitions: [partition] }]);
      } catch {
        // the consumer has just crashed; the next one begins with nothing held back
      }
    }, milliseconds);
  }

  /** Notes what of a chunk is done, for the next fetch and the next commit; adds partitions that paused to `blocked`. */
  function settle(round: readonly Arrival[], chunk: readonly IncomingMessage[], outcome: BatchOutcome | void, blocked: Set<string>): void {
    const first = new Map<string, number>();
    const next = new Map<string, number>();
    for (const message of chunk) {
      const place = placeOf(message);
      if (!first.has(place)) first.set(place, Number(message.offset));
      next.set(place, Number(message.offset) + 1);
    }
    for (const paused of outcome?.paused ?? []) {
      const place = placeOf(paused);
      if (!next.has(place)) continue;
      next.set(place, Number(paused.offset));
      blocked.add(place);
      holdBack(paused.topic, paused.partition, paused.retryInMs);
    }
    for (const { payload } of round) {
      const { topic, partition } = payload.batch;
      const place = placeOf(payload.batch);
      const until = next.get(place);
      if (until === undefined || until <= (first.get(place) ?? 0)) continue;
      payload.resolveOffset(String(until - 1));
      progress.set(place, { topic, partition, next: until });
    }
    commitSoon();
  }

  /** Chunks of at most `batchSize` messages over all partitions of the round, in order within each. */
  function* chunksOf(round: readonly Arrival[], blocked: ReadonlySet<string>): Generator<IncomingMessage[]> {
    let chunk: IncomingMessage[] = [];
    for (const { payload } of round) {
      const { topic, partition, messages } = payload.batch;
      for (const message of messages) {
        if (blocked.has(placeOf(payload.batch))) break;
        chunk.push(incomingMessage(topic, partition, message));
        if (chunk.length < batchSize) continue;
        yield chunk;
        chunk = [];
      }
    }
    if (chunk.length > 0) yield chunk;
  }

  /** Whether Kafka holds more than what it gave: then nothing waits for the pace. */
  function hasMore(round: readonly Arrival[]): boolean {
    const size = round.reduce((sum, { payload }) => sum + payload.batch.messages.length, 0);
    return (
      size >= batchSize ||
      round.some(({ payload: { batch } }) => Number(batch.highWatermark) > Number(batch.lastOffset()) + 1)
    );
  }

  /** Resolves with the error by which the group asks this member to join anew, if it did. */
  async function handle(round: readonly Arrival[]): Promise<Error | undefined> {
    const startedAt = performance.now();
    const born = generation;
    const blocked = new Set<string>();
    let lost: Error | undefined;
    const sayWeLive = (): void => {
      round[0]?.payload.heartbeat().catch((error: unknown) => {
        if (leavesGroup(error)) lost ??= error;
      });
    };
    const beating = setInterval(sayWeLive, heartbeatMs);
    commit = round[0]?.payload.commitOffsetsIfNecessary;
    try {
      for (const chunk of chunksOf(round, blocked)) {
        const outcome = await onBatch(chunk, stopping);
        // The consumer failed, or the group was shared anew: what was done comes again, and the inbox absorbs it.
        if ((over.aborted && !stopping.aborted) || generation !== born) return undefined;
        settle(round, chunk, outcome, blocked);
        if (lost || stopping.aborted) break;
      }
      if (!lost && !hasMore(round)) await pause(Math.max(0, startedAt + paceMs - performance.now()), over);
      // Before the partitions go to others: what they would handle again costs them a look into the inbox each.
      if (lost) await flush().catch(() => undefined);
      failures = 0;
      return lost;
    } finally {
      clearInterval(beating);
    }
  }

  async function keepWorking(): Promise<void> {
    while (!over.aborted) {
      if (arrivals.length === 0) await bell.wait(NO_HASTE_MS, over);
      // The partitions of one answer arrive one after the other in this turn.
      await new Promise((resolve) => setImmediate(resolve));
      const round = arrivals.splice(0);
      if (round.length === 0) continue;
      let lost: Error | undefined;
      busy = true;
      try {
        lost = await handle(round);
      } catch (error) {
        failures += 1;
        if (failures === 1) logger.warn({ group, error: String(error) }, 'a batch failed; it comes again');
        await pause(backoff(failures, FIRST_RETRY_MS, MAX_RETRY_MS), over);
      } finally {
        busy = false;
      }
      for (const arrival of round) arrival.release(lost);
    }
    for (const arrival of arrivals.splice(0)) arrival.release();
  }

  return {
    eachBatch: async (payload) => {
      // kafkajs asks again and again until it is told to stop; nobody works any more
      if (over.aborted) return new Promise((resolve) => setTimeout(resolve, 50));
      return new Promise<void>((resolve, reject) => {
        arrivals.push({ payload, release: (error) => (error ? reject(error) : resolve()) });
        bell.ring();
      });
    },
    joined: () => {
      generation += 1;
      progress.clear();
    },
    isBusy: () => busy,
    flush,
    ended: keepWorking(),
  };
}

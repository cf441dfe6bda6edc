import type { Logger } from '@tom/postgres';
import type { Kafka } from 'kafkajs';
import type { SubscribeOptions } from '../broker.ts';
import { aborted, pause, settlesWithin } from '../wake-up.ts';
import { createRounds } from './rounds.ts';

/** What a session works with. `partitions` is how many its topics have together. */
export interface SessionParts {
  readonly createKafka: () => Kafka;
  readonly groupId: string;
  readonly partitions: number;
  readonly logger: Logger;
  readonly sessionMs: number;
  readonly stalledMs: number;
}

/** A fetch comes back after so long when nothing is there: what bounds how quickly a member stops and a pause ends. */
const FETCH_WAIT_MS = 250;
/** Some 300 messages of a partition: what a member works through before it looks at the others and at its group. */
const PARTITION_BYTES = 262_144;
const REBALANCE_MS = 30_000;
const MOST_AT_ONCE = 64;
const STOP_MS = 8_000;
const LEAVE_MS = 5_000;

/**
 * One kafkajs consumer from its joining to its end. Resolves when `stopping` was aborted and it has left the group;
 * throws when it crashed or gave no sign of life, and then no handler of it is at work any more. kafkajs never restarts
 * it by itself: a consumer that it gives up on would leave a process that lives and does nothing.
 */
export async function runSession(
  parts: SessionParts,
  subscribing: SubscribeOptions,
  { stopping, onJoined }: { readonly stopping: AbortSignal; onJoined(): void },
): Promise<void> {
  const { groupId, logger, sessionMs, stalledMs } = parts;
  const heartbeatMs = sessionMs / 5;
  const consumer = parts.createKafka().consumer({
    groupId,
    sessionTimeout: sessionMs,
    heartbeatInterval: heartbeatMs,
    rebalanceTimeout: REBALANCE_MS,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytesPerPartition: PARTITION_BYTES,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  const failed = new AbortController();
  const over = AbortSignal.any([stopping, failed.signal]);
  const rounds = createRounds({ consumer, subscribing, logger, heartbeatMs: heartbeatMs / 2, stopping, over });
  let signOfLife = performance.now();
  const lives = (): void => {
    signOfLife = performance.now();
  };
  consumer.on(consumer.events.FETCH, lives);
  consumer.on(consumer.events.HEARTBEAT, lives);
  consumer.on(consumer.events.GROUP_JOIN, () => {
    lives();
    rounds.joined();
    onJoined();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => failed.abort(payload.error));
  const watching = setInterval(() => {
    if (rounds.isBusy()) lives();
    const silentMs = performance.now() - signOfLife;
    if (silentMs > stalledMs) failed.abort(new Error(`the consumer gave no sign of life for ${Math.round(silentMs / 1000)} s`));
  }, stalledMs / 4);

  async function start(): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...subscribing.topics], fromBeginning: subscribing.fromBeginning });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: Math.min(parts.partitions, MOST_AT_ONCE),
      eachBatch: rounds.eachBatch,
    });
  }

  try {
    void start().catch((error: unknown) => failed.abort(error));
    await aborted(over);
    // Two handlers of one member must never be at work, so a failed consumer waits for its own; a stop does not wait
    // for ever: what the handler holds is not committed and comes again.
    const ended = settlesWithin(rounds.ended, STOP_MS);
    if (!stopping.aborted) await Promise.race([rounds.ended, aborted(stopping)]);
    if (stopping.aborted && !(await ended)) logger.warn({ group: subscribing.group }, 'a handler did not end; the member leaves without it');
    if (failed.signal.aborted) throw failed.signal.reason;
    await settlesWithin(rounds.flush().catch(() => undefined), LEAVE_MS);
  } finally {
    clearInterval(watching);
    await Promise.race([consumer.disconnect().catch(() => undefined), pause(LEAVE_MS, new AbortController().signal)]);
  }
}

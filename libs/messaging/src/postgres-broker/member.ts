import { newId, type Clock } from '@tom/kernel';
import type { Database, Logger } from '@tom/postgres';
import type { BatchOutcome, IncomingMessage, MemberHealth, SubscribeOptions } from '../broker.ts';
import { backoff, createWakeUp, pause, settlesWithin } from '../wake-up.ts';
import { fetchFrom } from './fetch.ts';
import type { Listener } from './listener.ts';
import { createMembership, shareOf } from './membership.ts';
import { commitOffsets } from './offsets.ts';
import type { Partition, Topics } from './topics.ts';

/** What a member works with. */
export interface MemberParts {
  readonly database: Database;
  readonly topics: Topics;
  readonly listener: Listener;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
}

/**
 * A partition in this member's hands: read up to `position`, handled up to `done`, `committed` as far as the log
 * knows.
 */
interface Held {
  readonly partition: Partition;
  readonly epoch: number;
  position: number;
  done: number;
  committed: number;
  resumeAt: number;
}

const SAFETY_POLL_MS = 1_000;
const COMMIT_AFTER_MS = 250;
const SEEN_EVERY_MS = 30_000;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
const STOP_MS = 8_000;

/** A member of a group, running until it is stopped. */
export interface Member {
  health(): MemberHealth;
  stop(): Promise<void>;
}

/**
 * One member of a consumer group. Three things go on beside each other: the heartbeat, which also takes and gives up
 * partitions; the work, one batch at a time; and the commits, lazily, because the inbox is the fence and not the
 * offset.
 */
export function startMember(parts: MemberParts, options: SubscribeOptions): Member {
  const { database, topics, listener, clock, logger, leaseMs, heartbeatMs } = parts;
  const { group, batchSize, paceMs = 0 } = options;
  const id = newId();
  const membership = createMembership(database, { id, group, topics: options.topics, leaseMs });
  const stopping = new AbortController();
  const { signal } = stopping;
  const work = createWakeUp();
  const beats = createWakeUp();
  const held = new Map<number, Held>();
  const inFlight = new Set<number>();
  const givingUp = new Set<number>();
  let partitions: ReadonlyMap<number, Partition> = new Map();
  let beatenAt = 0;
  let seenAt = -Infinity;
  let turn = 0;
  let committing: Promise<void> | undefined;
  let failingSince: number | undefined = performance.now();
  let problem: string | undefined = 'joining the group';

  const leaveAppended = listener.onAppended((partitionId) => held.has(partitionId), work.ring);
  const leaveGroup = listener.onGroupChanged(group, beats.ring);
  listener.start();

  // --- heartbeat ---

  /** A member that was frozen has lost its lease without noticing; what it held may be in other hands by now. */
  function dropAfterFreeze(): void {
    if (held.size > 0 && performance.now() - beatenAt > leaseMs) {
      logger.warn({ group, partitions: held.size }, 'the lease ran out; partitions are taken anew');
      held.clear();
    }
  }

  async function beat(): Promise<void> {
    partitions = new Map((await topics.partitionsOf(options.topics)).map((partition) => [partition.id, partition]));
    const startedAt = performance.now();
    const isSeen = startedAt - seenAt < SEEN_EVERY_MS;
    const view = await membership.beat(listener.lockKey(), isSeen ? undefined : clock.now());
    if (!isSeen) seenAt = startedAt;
    dropAfterFreeze();
    beatenAt = startedAt;
    for (const row of view.partitions) {
      const mine = held.get(row.id);
      if (mine && (row.member_id !== id || row.epoch !== mine.epoch)) held.delete(row.id);
    }
    const share = shareOf(view, id);
    for (const partitionId of share.giveUp) givingUp.add(partitionId);
    await giveUp();
    // What is ours in the log but not here (after a freeze) is taken again: its epoch rises, its offset is read anew.
    const forgotten = view.partitions.filter(
      (row) => row.member_id === id && !held.has(row.id) && !givingUp.has(row.id),
    );
    await take([...share.take, ...forgotten.map((row) => row.id)]);
  }

  async function take(partitionIds: readonly number[]): Promise<void> {
    if (partitionIds.length === 0) return;
    for (const row of await membership.take(partitionIds)) {
      const partition = partitions.get(row.partition_id);
      if (!partition) continue;
      const { committed, epoch } = row;
      held.set(row.partition_id, { partition, epoch, committed, position: committed, done: committed, resumeAt: 0 });
    }
    logger.debug({ group, held: held.size }, 'partitions taken');
    work.ring();
  }

  /** Partitions of the batch under way are given up after it; their progress is committed first. */
  async function giveUp(): Promise<void> {
    const ready = [...givingUp].filter((partitionId) => !inFlight.has(partitionId));
    if (ready.length === 0) return;
    await flush(ready);
    for (const partitionId of ready) {
      givingUp.delete(partitionId);
      held.delete(partitionId);
    }
    await membership.release(ready);
  }

  async function keepBeating(): Promise<void> {
    let failures = 0;
    let announced = false;
    while (!signal.aborted) {
      try {
        await beat();
        if (!announced) await membership.announce();
        announced = true;
        if (failures > 0) logger.info({ group }, 'the event log is back');
        failures = 0;
        failingSince = undefined;
        problem = undefined;
        await beats.wait(heartbeatMs, signal);
      } catch (error) {
        failures += 1;
        if (failures === 1)
          logger.warn({ group, error: String(error) }, 'the event log is away; the member waits for it');
        failingSince ??= performance.now();
        problem = String(error);
        await pause(backoff(failures, FIRST_RETRY_MS, Math.min(MAX_RETRY_MS, leaseMs / 2)), signal);
      }
    }
  }

  // --- commits ---

  async function flush(only?: readonly number[]): Promise<void> {
    await committing;
    const progress = [...held.entries()]
      .filter(([partitionId, item]) => item.done > item.committed && (!only || only.includes(partitionId)))
      .map(([partitionId, item]) => ({ partitionId, epoch: item.epoch, expected: item.committed, next: item.done }));
    if (progress.length === 0) return;
    const results = await commitOffsets(database, { id, group }, progress);
    for (const result of results) {
      const item = held.get(result.partitionId);
      const sent = progress.find((entry) => entry.partitionId === result.partitionId);
      if (!item || item.epoch !== sent?.epoch) continue;
      if ('lost' in result) held.delete(result.partitionId);
      else item.committed = result.committed;
    }
  }

  function commitSoon(): void {
    committing ??= pause(COMMIT_AFTER_MS, signal).then(async () => {
      committing = undefined;
      try {
        await flush();
      } catch (error) {
        // Nothing is lost: what stays uncommitted is committed with the next batch, or comes again to the inbox.
        logger.debug({ group, error: String(error) }, 'offsets not committed');
        if (!signal.aborted) commitSoon();
      }
    });
  }

  // --- work ---

  async function next(): Promise<{ id: number; message: IncomingMessage }[]> {
    const now = performance.now();
    const open = [...held.entries()].filter(
      ([partitionId, item]) => item.resumeAt <= now && !givingUp.has(partitionId),
    );
    if (open.length === 0 || now - beatenAt > leaseMs) return [];
    // Another partition comes first each time, so that one with a long backlog does not starve the others.
    turn = (turn + 1) % open.length;
    const places = [...open.slice(turn), ...open.slice(0, turn)].map(([, item]) => {
      item.resumeAt = 0;
      return { partition: item.partition, offset: item.position };
    });
    return fetchFrom(database, places, batchSize);
  }

  function warnOfGap(item: Held, message: IncomingMessage): void {
    const { topic, partition } = message;
    const missing = Number(message.offset) - item.position;
    logger.error(
      { group, topic, partition, missing },
      'messages were removed by the retention before this group read them',
    );
  }

  function advance(batch: readonly { id: number; message: IncomingMessage }[], outcome: BatchOutcome | void): void {
    for (const { id: partitionId, message } of batch) {
      const item = held.get(partitionId);
      if (item) item.position = Number(message.offset) + 1;
    }
    for (const { topic, partition, offset, retryInMs } of outcome?.paused ?? []) {
      const item = [...held.values()].find(
        (held) => held.partition.topic === topic && held.partition.partition === partition,
      );
      if (!item) continue;
      item.position = Number(offset);
      item.resumeAt = performance.now() + retryInMs;
    }
    for (const { id: partitionId } of batch) {
      const item = held.get(partitionId);
      if (item) item.done = Math.max(item.done, item.position);
    }
  }

  async function handle(batch: readonly { id: number; message: IncomingMessage }[]): Promise<void> {
    const epochs = new Map(batch.map(({ id: partitionId }) => [partitionId, held.get(partitionId)?.epoch]));
    for (const [partitionId] of epochs) {
      const item = held.get(partitionId);
      const first = batch.find((entry) => entry.id === partitionId);
      if (item && first && Number(first.message.offset) > item.position) warnOfGap(item, first.message);
      inFlight.add(partitionId);
    }
    try {
      const outcome = await options.onBatch(
        batch.map(({ message }) => message),
        signal,
      );
      // A partition that was lost and taken again meanwhile stands where the log says, not where this batch ended.
      advance(
        batch.filter(({ id: partitionId }) => held.get(partitionId)?.epoch === epochs.get(partitionId)),
        outcome,
      );
    } finally {
      inFlight.clear();
    }
    commitSoon();
    if (givingUp.size > 0) beats.ring();
  }

  /** Until when there is nothing to do unless somebody rings. */
  function idleMs(): number {
    const now = performance.now();
    const resumes = [...held.values()].filter((item) => item.resumeAt > 0).map((item) => item.resumeAt - now);
    return Math.max(1, Math.min(SAFETY_POLL_MS, ...resumes));
  }

  async function keepWorking(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const startedAt = performance.now();
        const batch = await next();
        if (batch.length > 0) await handle(batch);
        failures = 0;
        if (batch.length === batchSize) continue;
        // A batch that was not full emptied the log; whatever came since has rung.
        await work.wait(idleMs(), signal);
        const early = startedAt + paceMs - performance.now();
        if (batch.length > 0 && early > 0) await pause(early, signal);
      } catch (error) {
        failures += 1;
        if (failures === 1) logger.warn({ group, error: String(error) }, 'reading the event log failed');
        await pause(backoff(failures, FIRST_RETRY_MS, MAX_RETRY_MS), signal);
      }
    }
  }

  const running = Promise.all([keepBeating(), keepWorking()]);
  return {
    health: () => ({
      group,
      failingForMs: failingSince === undefined ? 0 : Math.ceil(performance.now() - failingSince),
      ...(problem === undefined ? {} : { problem }),
    }),
    stop: async () => {
      stopping.abort();
      leaveAppended();
      leaveGroup();
      // A handler that hangs must not keep the process: what it holds is fenced and comes again.
      if (!(await settlesWithin(running, STOP_MS)))
        logger.warn({ group }, 'a handler did not end; the member leaves without it');
      try {
        await committing;
        await flush();
        await membership.leave();
      } catch (error) {
        // The lease ends by itself; what was not committed comes again.
        logger.debug({ group, error: String(error) }, 'left the group without a word');
      }
    },
  };
}

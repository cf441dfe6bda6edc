import { newId } from '@tom/kernel';
import type { Database, Logger } from '@tom/postgres';
import type { IncomingMessage, SubscribeOptions } from '../broker.ts';
import { backoff, createWakeUp, pause } from '../wake-up.ts';
import type { Listener } from './listener.ts';
import { fetchMessages } from './fetch-messages.ts';
import { commit, leave, renewLease, tend } from './statements.ts';

const LEASE = '10 seconds';
const RENEW_MS = 3_000;
const TEND_MS = 2_000;
const SAFETY_POLL_MS = 1_000;
const STOP_MS = 8_000;

interface Held {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  /** The next offset to read. */
  next: number;
  /** What is known as committed. */
  committed: number;
  /** Not before this instant of the monotonic clock. */
  resumeAt: number;
}

interface Tended {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly committed: number;
  readonly epoch: number;
}

export interface MemberContext {
  readonly database: Database;
  readonly listener: Listener;
  readonly logger: Logger;
  ensureTopics(topics: readonly string[]): Promise<void>;
}

/**
 * A member of a consumer group: one loop that looks after its share of the partitions, reads, hands over, and commits
 * offsets behind the hand-over. Offsets may lag behind what was done: the inbox makes that harmless.
 */
export function joinGroup(context: MemberContext, options: SubscribeOptions): { stop(): Promise<void> } {
  const { database, listener, logger, ensureTopics } = context;
  const { group, topics, batchSize, onBatch } = options;
  const me = newId();
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = createWakeUp();
  let held = new Map<number, Held>();
  let tendAt = 0;
  let rotation = 0;
  let committing: Promise<void> | undefined;

  const removeBell = listener.add({
    group,
    partitions: () => new Set(held.keys()),
    ring: () => bell.ring(),
    regroup: () => {
      tendAt = 0;
      bell.ring();
    },
  });

  async function tendShare(): Promise<void> {
    if (performance.now() < tendAt) return;
    const rows = await database.query<Tended>(tend, [group, me, topics, listener.lockKey(), LEASE]);
    tendAt = performance.now() + TEND_MS;
    const before = held;
    held = new Map();
    for (const row of rows) {
      const known = before.get(row.id);
      // Another epoch means that somebody else held it in between: go on from what was committed.
      if (known?.epoch === row.epoch) held.set(row.id, known);
      else held.set(row.id, { ...row, next: row.committed, committed: row.committed, resumeAt: 0 });
    }
  }

  async function readBatch(): Promise<{ batch: IncomingMessage[]; origin: Held[] }> {
    const now = performance.now();
    const ready = [...held.values()].filter(({ resumeAt }) => resumeAt <= now);
    if (ready.length === 0) return { batch: [], origin: [] };
    // A busy partition must not starve the others: each read begins with another one.
    rotation = (rotation + 1) % ready.length;
    const order = [...ready.slice(rotation), ...ready.slice(0, rotation)];
    return { batch: await fetchMessages(database, order, batchSize), origin: order };
  }

  async function handOver(batch: readonly IncomingMessage[], origin: readonly Held[]): Promise<void> {
    const renewing = setInterval(() => {
      database.query(renewLease, [me, LEASE]).catch(() => undefined);
    }, RENEW_MS);
    try {
      const outcome = await onBatch(batch, signal);
      const byName = new Map(origin.map((partition) => [`${partition.topic} ${partition.partition}`, partition]));
      for (const message of batch) {
        const partition = byName.get(`${message.topic} ${message.partition}`);
        if (partition) partition.next = Number(message.offset) + 1;
      }
      for (const { topic, partition: number, offset, retryInMs } of outcome?.paused ?? []) {
        const partition = byName.get(`${topic} ${number}`);
        if (!partition) continue;
        partition.next = Number(offset);
        partition.resumeAt = performance.now() + retryInMs;
      }
    } finally {
      clearInterval(renewing);
    }
  }

  async function commitOffsets(): Promise<void> {
    const due = [...held.values()].filter(({ next, committed }) => next > committed);
    if (due.length === 0) return;
    const nexts = due.map(({ next }) => next);
    const taken = await database.query<{ id: number }>(commit, [
      group,
      me,
      due.map(({ id }) => id),
      nexts,
      due.map(({ epoch }) => epoch),
    ]);
    const kept = new Set(taken.map(({ id }) => id));
    for (const [index, partition] of due.entries()) {
      if (kept.has(partition.id)) partition.committed = nexts[index] ?? partition.committed;
      // It has changed hands: forget it and look again, else the commit would fail for ever.
      else if (held.get(partition.id) === partition) {
        held.delete(partition.id);
        tendAt = 0;
      }
    }
  }

  // Behind the next batch: one commit under way at a time, the newest offsets when it is sent.
  function commitSoon(): void {
    committing ??= commitOffsets()
      .catch((error: unknown) => logger.debug({ group, error: String(error) }, 'offsets not committed; tried again'))
      .finally(() => {
        committing = undefined;
      });
  }

  function waitMs(): number {
    const now = performance.now();
    const resumes = [...held.values()].filter(({ resumeAt }) => resumeAt > now).map(({ resumeAt }) => resumeAt - now);
    return Math.max(1, Math.min(SAFETY_POLL_MS, ...resumes));
  }

  async function turn(): Promise<void> {
    await tendShare();
    const { batch, origin } = await readBatch();
    if (batch.length > 0) {
      await handOver(batch, origin);
      commitSoon();
      return;
    }
    commitSoon();
    await bell.wait(waitMs(), signal);
  }

  async function run(): Promise<void> {
    let failures = 0;
    let ensured = false;
    while (!signal.aborted) {
      try {
        if (!ensured) await ensureTopics(topics);
        ensured = true;
        await turn();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1) logger.warn({ group, error: String(error) }, 'event log away or handler failed; tried again');
        await pause(backoff(failures, 100, 5_000), signal);
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      bell.ring();
      await Promise.race([running, pause(STOP_MS, new AbortController().signal)]);
      removeBell();
      await committing;
      await commitOffsets().catch(() => undefined);
      await database.query(leave, [group, me]).catch(() => undefined);
    },
  };
}

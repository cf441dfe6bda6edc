import { sql, type Database } from '@tom/postgres';
import type { Position, Reader, ReaderOptions } from '../broker.ts';
import { createWakeUp } from '../wake-up.ts';
import { fetchFrom } from './fetch.ts';
import type { Listener } from './listener.ts';
import type { Partition, Topics } from './topics.ts';

const SAFETY_POLL_MS = 1_000;
const NEVER = new AbortController().signal;

const ends = sql('log.ends', 'select id, next_offset from log_partition where id = any ($1::int[])');

async function startOf(
  database: Database,
  partitions: readonly Partition[],
  from: ReaderOptions['from'],
): Promise<Map<number, number>> {
  if (from === 'start') return new Map(partitions.map(({ id }) => [id, 0]));
  if (from === 'end') {
    const rows = await database.query<{ id: number; next_offset: number }>(ends, [partitions.map(({ id }) => id)]);
    return new Map(rows.map((row) => [row.id, row.next_offset]));
  }
  return new Map(
    partitions.map(({ id, topic, partition }) => {
      const offset = Number(from[topic]?.[partition] ?? 0);
      if (!Number.isSafeInteger(offset) || offset < 0) throw new Error(`${topic}/${partition}: not an offset`);
      return [id, offset];
    }),
  );
}

/** A reader without a group; its place is fixed when this resolves. */
export async function createReader(
  parts: { readonly database: Database; readonly topics: Topics; readonly listener: Listener },
  options: ReaderOptions,
): Promise<Reader> {
  const { database, topics, listener } = parts;
  const partitions = await topics.partitionsOf(options.topics);
  const next = await startOf(database, partitions, options.from);
  const bell = createWakeUp();
  const leave = listener.onAppended((id) => next.has(id), bell.ring);
  listener.start();
  let first = 0;

  async function read(max: number) {
    // Another partition comes first each time, so that one with a long backlog does not starve the others.
    first = (first + 1) % partitions.length;
    const order = [...partitions.slice(first), ...partitions.slice(0, first)];
    const places = order.map((partition) => ({ partition, offset: next.get(partition.id) ?? 0 }));
    const found = await fetchFrom(database, places, max);
    for (const { id, message } of found) next.set(id, Number(message.offset) + 1);
    return found.map(({ message }) => message);
  }

  return {
    next: async ({ max = 500, waitMs, signal = NEVER }) => {
      const until = performance.now() + waitMs;
      for (;;) {
        const messages = partitions.length === 0 ? [] : await read(max);
        const left = until - performance.now();
        if (messages.length > 0 || left <= 0 || signal.aborted) return messages;
        await bell.wait(Math.min(left, SAFETY_POLL_MS), signal);
        if (signal.aborted) return [];
      }
    },
    position: () => {
      const position: Record<string, Record<string, string>> = {};
      for (const { id, topic, partition } of partitions) {
        (position[topic] ??= {})[partition] = String(next.get(id) ?? 0);
      }
      return position satisfies Position;
    },
    close: async () => {
      leave();
    },
  };
}

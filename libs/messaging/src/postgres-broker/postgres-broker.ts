import type { Clock } from '@tom/kernel';
import { createDatabase, type Logger } from '@tom/postgres';
import type { Broker, IncomingMessage, OutgoingMessage, Position, Reader, ReaderOptions } from '../broker.ts';
import { partitionOf } from '../murmur2.ts';
import { createWakeUp } from '../wake-up.ts';
import { fetchMessages } from './fetch-messages.ts';
import { joinGroup } from './group-member.ts';
import { createListener } from './listener.ts';
import { startRetention } from './retention.ts';
import { append, createTopics, selectLag, selectPartitions } from './statements.ts';

/** `topics` says how many partitions a topic is created with (8); messages are kept `retentionDays` (30). */
export interface PostgresBrokerOptions {
  readonly connectionString: string;
  readonly topics?: Readonly<Record<string, { readonly partitions: number }>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retentionDays?: number;
}

interface Partition {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
  readonly firstOffset: number;
}

const DEFAULT_PARTITIONS = 8;
const SAFETY_POLL_MS = 1_000;
const READ_MAX = 500;

/** The event log in Postgres: topics, partitions by key, dense offsets, consumer groups. Needs `migrateEventLog` once. */
export function createPostgresBroker(options: PostgresBrokerOptions): Broker {
  const { connectionString, clock, logger } = options;
  const database = createDatabase({ connectionString, applicationName: 'event log', maxConnections: 6, logger });
  const listener = createListener({ connectionString, logger });
  const partitionIds = new Map<string, readonly number[]>();
  const closing = new AbortController();
  let retention: Promise<void> | undefined;

  async function partitionsOf(topics: readonly string[]): Promise<Partition[]> {
    return database.query<Partition>(selectPartitions, [topics]);
  }

  async function ensureTopics(topics: readonly string[]): Promise<void> {
    const unknown = topics.filter((topic) => !partitionIds.has(topic));
    if (unknown.length === 0) return;
    const counts = unknown.map((topic) => options.topics?.[topic]?.partitions ?? DEFAULT_PARTITIONS);
    await database.query(createTopics, [unknown, counts]);
    const rows = await partitionsOf(unknown);
    for (const topic of unknown) {
      const own = rows.filter((row) => row.topic === topic).sort((a, b) => a.partition - b.partition);
      partitionIds.set(topic, own.map(({ id }) => id));
    }
  }

  async function publish(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await ensureTopics([...new Set(messages.map(({ topic }) => topic))]);
    const sizes = new Map<number, number>();
    const rows = messages.map(({ topic, key, headers, value }) => {
      const ids = partitionIds.get(topic) ?? [];
      const p = ids[partitionOf(key, ids.length)] ?? 0;
      const n = sizes.get(p) ?? 0;
      sizes.set(p, n + 1);
      return { p, n, key, headers, value };
    });
    await database.query(append, [JSON.stringify(rows), [...sizes.keys()], clock.now()]);
  }

  async function reader({ topics, from }: ReaderOptions): Promise<Reader> {
    await ensureTopics(topics);
    const places = (await partitionsOf(topics)).map(({ nextOffset, firstOffset, ...row }) => {
      const given = typeof from === 'object' ? from[row.topic]?.[String(row.partition)] : undefined;
      const next = from === 'end' ? nextOffset : given === undefined ? firstOffset : Math.max(Number(given), firstOffset);
      return { ...row, next };
    });
    const bell = createWakeUp();
    const ids = new Set(places.map(({ id }) => id));
    const remove = listener.add({ partitions: () => ids, ring: () => bell.ring() });

    async function read(max: number): Promise<IncomingMessage[]> {
      const found = await fetchMessages(database, places, max);
      for (const message of found) {
        const place = places.find(({ topic, partition }) => topic === message.topic && partition === message.partition);
        if (place) place.next = Number(message.offset) + 1;
      }
      return found;
    }

    return {
      async next({ max = READ_MAX, waitMs, signal = closing.signal }) {
        const end = performance.now() + waitMs;
        for (;;) {
          const found = await read(max);
          const left = end - performance.now();
          if (found.length > 0 || left <= 0 || signal.aborted) return found;
          await bell.wait(Math.min(left, SAFETY_POLL_MS), signal);
        }
      },
      position: () => positionOf(places),
      close: async () => remove(),
    };
  }

  return {
    publish,
    reader,
    subscribe: async (subscribing) => {
      retention ??= startRetention({ database, clock, logger, days: options.retentionDays ?? 30 }, closing.signal);
      return joinGroup({ database, listener, logger, ensureTopics }, subscribing);
    },
    async lag(group) {
      const rows = await database.query<{ topic: string; partition: number; offset: number; end: number }>(selectLag, [group]);
      return rows.map((row) => ({ ...row, offset: String(row.offset), end: String(row.end), lag: row.end - row.offset }));
    },
    ping: () => database.ping(),
    async close() {
      closing.abort();
      await retention;
      await listener.stop();
      await database.close();
    },
  };
}

function positionOf(places: readonly { topic: string; partition: number; next: number }[]): Position {
  const position: Record<string, Record<string, string>> = {};
  for (const { topic, partition, next } of places) (position[topic] ??= {})[String(partition)] = String(next);
  return position;
}

import type { IncomingMessage, Position, Reader, ReaderOptions } from '../broker.ts';
import { backoff, createWakeUp, pause, settlesWithin } from '../wake-up.ts';
import type { AdminConnection } from './admin.ts';
import { fetchedBatch, READ_COMMITTED, type Cluster } from './cluster.ts';
import type { ClusterPool } from './cluster-pool.ts';
import { incomingMessage } from './incoming-message.ts';

/** One partition and how far it was fetched and handed out. */
interface Place {
  readonly topic: string;
  readonly partition: number;
  next: string;
  handed: string;
}

const FETCH_WAIT_MS = 250;
const PARTITION_BYTES = 262_144;
const ANSWER_BYTES = 4_194_304;
const OPEN_WITHIN_MS = 2_000;
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 400;
const NEVER = new AbortController().signal;

interface Opened {
  readonly cluster: Cluster;
  readonly places: Place[];
}

/** Opens a reader; its place is fixed when this resolves. */
export async function createReader(
  parts: { readonly clusters: ClusterPool; readonly admin: AdminConnection },
  options: ReaderOptions,
): Promise<Reader> {
  const { clusters, admin } = parts;
  const { topics, from } = options;
  const opened = await open();
  const places = opened.places;
  let cluster: Cluster | undefined = opened.cluster;
  const fetching = new Map<number, Promise<void>>();
  const buffer: IncomingMessage[] = [];
  const bell = createWakeUp();
  let failure: { readonly error: unknown } | undefined;
  let closed = false;

  /** Whoever opens a reader has a request to answer: a Kafka that does not answer must not hold that up for long. */
  async function open(): Promise<Opened> {
    const opening = tryToOpen(performance.now() + OPEN_WITHIN_MS);
    const settled = opening.then(
      () => undefined,
      () => undefined,
    );
    if (await settlesWithin(settled, OPEN_WITHIN_MS)) return opening;
    void opening.then(
      (late) => clusters.giveBack(late.cluster),
      () => undefined,
    );
    throw new Error(`Kafka did not answer within ${OPEN_WITHIN_MS / 1000} s`);
  }

  /** A cluster that lay idle may have lost its connections, and a node that has just started leads nothing yet. */
  async function tryToOpen(until: number): Promise<Opened> {
    for (let attempt = 1; ; attempt += 1) {
      const mine = await clusters.take();
      try {
        await mine.addMultipleTargetTopics(topics);
        return { cluster: mine, places: await placesOn(mine, topics, from) };
      } catch (error) {
        clusters.discard(mine);
        const explained = await admin.explain(error, topics);
        if (explained !== error || performance.now() > until) throw explained;
        await pause(backoff(attempt, FIRST_RETRY_MS, MAX_RETRY_MS), NEVER);
      }
    }
  }

  async function connected(): Promise<Cluster> {
    if (cluster) return cluster;
    const fresh = await clusters.take();
    try {
      await fresh.addMultipleTargetTopics(topics);
    } catch (error) {
      clusters.discard(fresh);
      throw error;
    }
    cluster = fresh;
    return fresh;
  }

  function placesByLeader(on: Cluster): Map<number, Place[]> {
    const leaders = new Map<number, Place[]>();
    for (const topic of topics) {
      for (const { partitionId, leader } of on.findTopicPartitionMetadata(topic)) {
        const place = places.find((one) => one.topic === topic && one.partition === partitionId);
        if (place) leaders.set(leader, [...(leaders.get(leader) ?? []), place]);
      }
    }
    return leaders;
  }

  async function fetchFrom(on: Cluster, nodeId: number, wanted: readonly Place[], waitMs: number): Promise<void> {
    const broker = await on.findBroker({ nodeId });
    const asked = wanted.map(({ topic, partition, next }) => ({
      topic,
      partitions: [{ partition, fetchOffset: next, maxBytes: PARTITION_BYTES }],
    }));
    const { responses } = await broker.fetch({
      maxWaitTime: waitMs,
      minBytes: 1,
      maxBytes: ANSWER_BYTES,
      isolationLevel: READ_COMMITTED,
      topics: asked,
    });
    for (const { topicName, partitions } of responses) {
      for (const data of partitions) {
        const place = wanted.find((one) => one.topic === topicName && one.partition === data.partition);
        if (!place) continue;
        const batch = fetchedBatch(topicName, place.next, data);
        for (const message of batch.messages) buffer.push(incomingMessage(topicName, data.partition, message));
        if (!batch.isEmptyIncludingFiltered()) place.next = String(Number(batch.lastOffset()) + 1);
      }
    }
  }

  /** A place that the retention has passed goes on at what is left. */
  async function recover(on: Cluster, error: unknown): Promise<void> {
    if (!(error instanceof Error) || error.name !== 'KafkaJSOffsetOutOfRange') throw error;
    const { topic, partition } = error as Error & { readonly topic?: string; readonly partition?: number };
    const place = places.find((one) => one.topic === topic && one.partition === partition);
    if (!place) throw error;
    const asked = [{ topic: place.topic, partitions: [{ partition: place.partition }], fromBeginning: true }];
    const [found] = await on.fetchTopicsOffset(asked);
    place.next = found?.partitions[0]?.offset ?? '0';
  }

  /** One fetch from each leader is under way while somebody waits; what it brings after that is for the next. */
  async function fetchAll(waitMs: number): Promise<void> {
    const on = await connected();
    for (const [leader, wanted] of placesByLeader(on)) {
      if (fetching.has(leader)) continue;
      const fetched = fetchFrom(on, leader, wanted, waitMs)
        .catch((error: unknown) => recover(on, error))
        .catch((error: unknown) => {
          // A fresh cluster knows where the leaders are now.
          failure = { error };
          if (cluster === on) cluster = undefined;
          clusters.discard(on);
        })
        .finally(() => {
          fetching.delete(leader);
          bell.ring();
        });
      fetching.set(leader, fetched);
    }
  }

  function handOut(max: number): IncomingMessage[] {
    const messages = buffer.splice(0, max);
    for (const { topic, partition, offset } of messages) {
      const place = places.find((one) => one.topic === topic && one.partition === partition);
      if (place) place.handed = String(Number(offset) + 1);
    }
    return messages;
  }

  return {
    next: async ({ max = 500, waitMs, signal = NEVER }) => {
      const until = performance.now() + waitMs;
      while (buffer.length === 0 && places.length > 0) {
        const left = Math.ceil(until - performance.now());
        await fetchAll(Math.min(Math.max(left, 0), FETCH_WAIT_MS));
        if (left <= 0) await Promise.all(fetching.values());
        else if (buffer.length === 0 && !failure) await bell.wait(left, signal);
        if (failure && buffer.length === 0) {
          const { error } = failure;
          failure = undefined;
          throw await admin.explain(error, topics);
        }
        if (left <= 0 || signal.aborted) break;
      }
      return handOut(max);
    },
    position: () => {
      const position: Record<string, Record<string, string>> = {};
      for (const { topic, partition, handed } of places) (position[topic] ??= {})[partition] = handed;
      return position satisfies Position;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      // Nobody waits for the fetches under way: their cluster is free when they are over.
      void Promise.all(fetching.values()).then(() => {
        if (cluster) clusters.giveBack(cluster);
      });
    },
  };
}

async function placesOn(cluster: Cluster, topics: readonly string[], from: ReaderOptions['from']): Promise<Place[]> {
  const asked = topics.map((topic) => ({
    topic,
    partitions: cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId })),
    fromBeginning: from !== 'end',
  }));
  const found = await cluster.fetchTopicsOffset(asked);
  return found.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => {
      const next = typeof from === 'string' ? offset : positionIn(from, topic, partition, offset);
      return { topic, partition, next, handed: next };
    }),
  );
}

function positionIn(from: Position, topic: string, partition: number, earliest: string): string {
  const given = from[topic]?.[partition];
  if (given === undefined) return earliest;
  const offset = Number(given);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new Error(`${topic}/${partition}: not an offset`);
  return String(Math.max(offset, Number(earliest)));
}

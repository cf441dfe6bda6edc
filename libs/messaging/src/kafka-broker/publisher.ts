import { Partitioners, type Kafka, type Producer, type TopicMessages } from 'kafkajs';
import type { OutgoingMessage } from '../broker.ts';
import type { AdminConnection } from './admin.ts';
import { saysUnknownTopic } from './missing-topic.ts';

/** Sends messages, in order. */
export interface Publisher {
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** A partition's share of one request is one record batch, which Kafka refuses beyond 1 MiB. */
const REQUEST_BYTES = 500_000;
const ALL_IN_SYNC = -1;

/** Connects when it is first used; after a failure the next call gets a new producer. */
export function createPublisher(createKafka: () => Kafka, admin: AdminConnection): Publisher {
  let connected: Promise<Producer> | undefined;
  const proven = new Set<string>();

  /**
   * A producer that is sent to a topic which does not exist fails for all who use it at that moment: it is asked before,
   * once for each topic.
   */
  async function prove(topics: readonly string[]): Promise<void> {
    const unproven = topics.filter((topic) => !proven.has(topic));
    if (unproven.length === 0) return;
    await admin.requireTopics(unproven);
    for (const topic of unproven) proven.add(topic);
  }

  async function connect(): Promise<Producer> {
    const producer = createKafka().producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner, // murmur2, as Java's: a key keeps its partition for everybody
      retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 500 }, // the relay tries on without end
    });
    await producer.connect();
    return producer;
  }

  async function disconnect(which: Promise<Producer>): Promise<void> {
    try {
      await (await which).disconnect();
    } catch {
      // it never was connected, or is not any more: either way it holds nothing
    }
  }

  return {
    publish: async (messages) => {
      if (messages.length === 0) return;
      const topics = [...new Set(messages.map(({ topic }) => topic))];
      await prove(topics);
      const mine = (connected ??= connect());
      try {
        const producer = await mine;
        for (const part of partsOf(messages)) await producer.sendBatch({ acks: ALL_IN_SYNC, topicMessages: byTopic(part) });
      } catch (error) {
        if (connected === mine) {
          connected = undefined;
          void disconnect(mine);
        }
        if (saysUnknownTopic(error)) for (const topic of topics) proven.delete(topic);
        throw await admin.explain(error, topics);
      }
    },
    close: async () => {
      if (connected) await disconnect(connected);
    },
  };
}

/** Splits what would be too large for one request; in order, and one message at least. */
export function partsOf(messages: readonly OutgoingMessage[], limit = REQUEST_BYTES): OutgoingMessage[][] {
  const parts: OutgoingMessage[][] = [];
  let size = Infinity;
  for (const message of messages) {
    const bytes = sizeOf(message);
    if (size + bytes > limit) {
      parts.push([]);
      size = 0;
    }
    size += bytes;
    parts.at(-1)?.push(message);
  }
  return parts;
}

/** At most three bytes of UTF-8 a UTF-16 unit; mostly one, so the limit lies at half of Kafka's. */
function sizeOf({ key, headers, value }: OutgoingMessage): number {
  let size = Buffer.byteLength(value) + key.length + 40;
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0) + 4;
  return size;
}

function byTopic(messages: readonly OutgoingMessage[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, key, headers, value } of messages) {
    const known = topics.get(topic) ?? { topic, messages: [] };
    topics.set(topic, known);
    known.messages.push({ key, headers, value });
  }
  return [...topics.values()];
}

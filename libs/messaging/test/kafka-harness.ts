import { Kafka, logLevel, type Admin } from 'kafkajs';
import { eventually } from '../src/testing.ts';
import { createKafkaBroker, type Broker, type KafkaBrokerOptions } from '../src/index.ts';

/** The Kafka of this test run. */
export function testBrokers(): readonly string[] {
  const given = process.env['TEST_KAFKA_BROKERS'];
  if (!given) throw new Error('TEST_KAFKA_BROKERS is not set: run the project "kafka", which starts one');
  return given.split(',');
}

/** A Kafka with brokers and topics of one test file, gone with `cleanup`. */
export interface TestKafka {
  connect(options?: Partial<KafkaBrokerOptions>): Broker;
  createTopic(topic: string, partitions?: number): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  cleanup(): Promise<void>;
}

/** A member that freezes loses its partitions after 3 s. */
export const SESSION_MS = 3_000;

export async function connectTestKafka(): Promise<TestKafka> {
  const brokers = testBrokers();
  const admin: Admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const connected: Broker[] = [];
  const topics = new Set<string>();
  const deleteTopic = async (topic: string) => {
    topics.delete(topic);
    await admin.deleteTopics({ topics: [topic] });
  };
  return {
    connect: (options = {}) => {
      const broker = createKafkaBroker({ brokers, sessionMs: SESSION_MS, ...options });
      connected.push(broker);
      return broker;
    },
    createTopic: async (topic, partitions = 8) => {
      topics.add(topic);
      await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: partitions, replicationFactor: 1 }] });
      // Nodes hear of a topic, and of what they lead, a moment later: what they refuse until then is sent again.
      await eventually('leaders', () => admin.fetchTopicOffsets(topic).then(() => true, () => false));
    },
    deleteTopic,
    cleanup: async () => {
      await Promise.all(connected.map((broker) => broker.close()));
      for (const topic of topics) await deleteTopic(topic);
      await admin.disconnect();
    },
  };
}

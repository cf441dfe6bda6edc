import type { Admin, Kafka } from 'kafkajs';
import { MissingTopicError, saysUnknownTopic } from './missing-topic.ts';

/** The one connection for questions and for making topics. */
export interface AdminConnection {
  /** Runs the work on a connected client; after a failure the next one gets a new client. */
  use<T>(work: (admin: Admin) => Promise<T>): Promise<T>;
  /** Throws a MissingTopicError that names those of the topics that do not exist; answers all that do. */
  requireTopics(topics: readonly string[]): Promise<ReadonlySet<string>>;
  /** The same error as a MissingTopicError where Kafka did not know one of the topics. */
  explain(error: unknown, topics: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Connects when it is first used. */
export function createAdminConnection(createKafka: () => Kafka): AdminConnection {
  let connected: Promise<Admin> | undefined;

  async function connect(): Promise<Admin> {
    const admin = createKafka().admin();
    await admin.connect();
    return admin;
  }

  async function use<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const mine = (connected ??= connect());
    try {
      return await work(await mine);
    } catch (error) {
      if (connected === mine) {
        connected = undefined;
        void disconnect(mine);
      }
      throw error;
    }
  }

  async function disconnect(which: Promise<Admin>): Promise<void> {
    try {
      await (await which).disconnect();
    } catch {
      // it never was connected, or is not any more: either way it holds nothing
    }
  }

  async function requireTopics(topics: readonly string[]): Promise<ReadonlySet<string>> {
    const there = new Set(await use((admin) => admin.listTopics()));
    const missing = topics.filter((topic) => !there.has(topic));
    if (missing.length > 0) throw new MissingTopicError(missing);
    return there;
  }

  return {
    use,
    requireTopics,
    explain: async (error, topics) => {
      if (!saysUnknownTopic(error)) return error;
      try {
        await requireTopics(topics);
        return error;
      } catch (found) {
        return found instanceof MissingTopicError ? found : error;
      }
    },
    close: async () => {
      if (connected) await disconnect(connected);
    },
  };
}

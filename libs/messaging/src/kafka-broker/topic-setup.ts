import { silentLogger, type Logger } from '@tom/postgres';
import type { Admin, ITopicConfig } from 'kafkajs';
import { pause } from '../wake-up.ts';
import type { TopicDeclaration } from '../topics-file.ts';
import { createAdminConnection } from './admin.ts';
import { createClient, type KafkaConnection } from './client.ts';

/** A setting of a topic that is not as declared; nothing is changed by itself. */
export interface TopicDifference {
  readonly topic: string;
  readonly setting: string;
  readonly is: string;
  readonly declared: string;
}

/** What was made, what is missing (with `make: false`), what differs, and how many nodes there are. */
export interface TopicReport {
  readonly nodes: number;
  readonly created: readonly string[];
  readonly missing: readonly string[];
  readonly different: readonly TopicDifference[];
}

const USABLE_WITHIN_MS = 30_000;
const DAY_MS = 86_400_000;
/** Of kafkajs's ConfigResourceTypes, which its module does not export by name. */
const TOPIC_RESOURCE = 2;

/**
 * Makes the declared topics that do not exist (unless `make` is false) and compares those that do. A cluster with fewer
 * nodes than the declared replication gets as many copies as it has nodes.
 */
export async function ensureTopics(
  connection: KafkaConnection,
  declared: readonly TopicDeclaration[],
  options: { readonly make?: boolean; readonly logger?: Logger } = {},
): Promise<TopicReport> {
  const { make = true, logger = silentLogger } = options;
  const admin = createAdminConnection(() => createClient(connection, logger));
  try {
    return await admin.use(async (client) => {
      const nodes = (await client.describeCluster()).brokers.length;
      const fitting = declared.map((topic) => fitTo(topic, nodes));
      const there = new Set(await client.listTopics());
      const missing = fitting.filter(({ name }) => !there.has(name));
      if (make && missing.length > 0) await create(client, missing);
      const different = await compare(client, fitting.filter(({ name }) => there.has(name)));
      const names = missing.map(({ name }) => name);
      return { nodes, created: make ? names : [], missing: make ? [] : names, different };
    });
  } finally {
    await admin.close();
  }
}

function fitTo(topic: TopicDeclaration, nodes: number): TopicDeclaration {
  const replication = Math.min(topic.replication, nodes);
  return { ...topic, replication, minInSync: Math.min(topic.minInSync, replication) };
}

/** When it was appended counts, not what a sender's clock said: retention would keep or drop the wrong messages. */
function configOf(topic: TopicDeclaration): Readonly<Record<string, string>> {
  return {
    'cleanup.policy': topic.cleanup,
    'retention.ms': String(topic.retentionDays * DAY_MS),
    'min.insync.replicas': String(topic.minInSync),
    'max.message.bytes': String(topic.maxMessageBytes),
    'message.timestamp.type': 'LogAppendTime',
  };
}

async function create(client: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const wanted = topics.map(
    (topic): ITopicConfig => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: topic.replication,
      configEntries: Object.entries(configOf(topic)).map(([name, value]) => ({ name, value })),
    }),
  );
  // resolves false, without making the others fail, when somebody else made one of them meanwhile
  await client.createTopics({ topics: wanted, waitForLeaders: false });
  await untilUsable(client, topics.map(({ name }) => name));
}

/** Nodes hear of a new topic one after the other, and of what they lead a moment later: until then they refuse it. */
async function untilUsable(client: Admin, topics: readonly string[]): Promise<void> {
  const end = performance.now() + USABLE_WITHIN_MS;
  for (const topic of topics) {
    for (;;) {
      try {
        await client.fetchTopicOffsets(topic);
        break;
      } catch (error) {
        if (performance.now() > end) throw error;
        await pause(50, new AbortController().signal);
      }
    }
  }
}

async function compare(client: Admin, topics: readonly TopicDeclaration[]): Promise<TopicDifference[]> {
  if (topics.length === 0) return [];
  const names = topics.map(({ name }) => name);
  const metadata = await client.fetchTopicMetadata({ topics: names });
  const described = await client.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: TOPIC_RESOURCE, name })),
  });
  return topics.flatMap((topic) => {
    const partitions = metadata.topics.find(({ name }) => name === topic.name)?.partitions ?? [];
    const entries = described.resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries ?? [];
    const found: [string, string, string][] = [
      ['partitions', String(partitions.length), String(topic.partitions)],
      ['replication', String(partitions[0]?.replicas.length ?? 0), String(topic.replication)],
      ...Object.entries(configOf(topic)).map(([name, value]): [string, string, string] => [
        name,
        entries.find(({ configName }) => configName === name)?.configValue ?? '',
        value,
      ]),
    ];
    return found
      .filter(([, is, should]) => is !== should)
      .map(([setting, is, should]) => ({ topic: topic.name, setting, is, declared: should }));
  });
}

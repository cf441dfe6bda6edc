import { sql, type Database } from '@tom/postgres';
import { partitionOf } from '../murmur2.ts';

/** One partition of a topic, and the small number by which the log knows it. */
export interface Partition {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
}

/** The topics of the log; made when they are first used. */
export interface Topics {
  /** All partitions of these topics, in order. */
  partitionsOf(topics: readonly string[]): Promise<readonly Partition[]>;
  /** The id of the partition to which a key belongs; the topic must have been asked for with `partitionsOf` before. */
  idFor(topic: string, key: string): number;
}

const DEFAULT_PARTITIONS = 8;
const NAME = /^[a-zA-Z0-9._-]{1,249}$/;

const create = sql('log.create_topic', 'select log_create_topic($1, $2)');
const read = sql(
  'log.partitions',
  'select id, topic, "partition" from log_partition where topic = any ($1::text[]) order by topic, "partition"',
);

/** `declared` says how many partitions a topic gets when it is made; one that exists stays as it is. */
export function createTopics(
  database: Database,
  declared: Readonly<Record<string, { readonly partitions: number }>> = {},
): Topics {
  const known = new Map<string, readonly Partition[]>();

  async function load(topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      if (!NAME.test(topic)) throw new Error(`${topic} is not the name of a topic`);
      await database.query(create, [topic, declared[topic]?.partitions ?? DEFAULT_PARTITIONS]);
    }
    const rows = await database.query<Partition>(read, [topics]);
    for (const topic of topics) {
      known.set(
        topic,
        rows.filter((row) => row.topic === topic),
      );
    }
  }

  return {
    partitionsOf: async (topics) => {
      const missing = [...new Set(topics)].filter((topic) => !known.has(topic));
      if (missing.length > 0) await load(missing.sort());
      return topics.flatMap((topic) => known.get(topic) ?? []);
    },
    idFor: (topic, key) => {
      const partitions = known.get(topic);
      const partition = partitions?.[partitionOf(key, partitions.length)];
      if (!partition) throw new Error(`${topic} was not prepared`);
      return partition.id;
    },
  };
}

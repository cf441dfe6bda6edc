import type { PartitionLag } from '../broker.ts';
import type { AdminConnection } from './admin.ts';

/**
 * How far a group is behind on every partition of the topics that it has committed to and of those given. Without a
 * commit it counts from the first message that is left.
 */
export async function lagOf(admin: AdminConnection, groupId: string, topics: readonly string[]): Promise<PartitionLag[]> {
  return admin.use(async (client) => {
    const known = await client.fetchOffsets({ groupId });
    const there = new Set(await client.listTopics());
    const all = [...new Set([...known.map(({ topic }) => topic), ...topics])].filter((topic) => there.has(topic)).sort();
    const lags = await Promise.all(
      all.map(async (topic) => {
        const committed = new Map(
          known.find((one) => one.topic === topic)?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
        );
        const ends = await client.fetchTopicOffsets(topic);
        return ends
          .map(({ partition, low, high }) => {
            const offset = Math.max(committed.get(partition) ?? 0, Number(low));
            return { topic, partition, offset: String(offset), end: high, lag: Math.max(0, Number(high) - offset) };
          })
          .sort((a, b) => a.partition - b.partition);
      }),
    );
    return lags.flat();
  });
}

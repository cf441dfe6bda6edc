import { silentLogger, type Logger } from '@tom/postgres';
import type { BrokerAdmin, GroupLag, Rewound } from '../broker-admin.ts';
import { createAdminConnection, type AdminConnection } from './admin.ts';
import { createClient, type KafkaConnection } from './client.ts';
import { lagOf } from './lag.ts';

/** Kafka sets a group's offsets only while none of its members lives. */
export class GroupInUseError extends Error {
  override readonly name = 'GroupInUseError';
}

/** The operator's side of Apache Kafka. Only groups with our prefix are shown, by their names without it. */
export function createKafkaBrokerAdmin(
  options: KafkaConnection & { readonly groupPrefix?: string; readonly logger?: Logger },
): BrokerAdmin {
  const { groupPrefix = '', logger = silentLogger } = options;
  const admin = createAdminConnection(() => createClient(options, logger));
  return {
    topics: async () => (await admin.use((client) => client.listTopics())).filter((name) => !name.startsWith('__')).sort(),
    async lags() {
      const { groups } = await admin.use((client) => client.listGroups());
      const ours = groups.map(({ groupId }) => groupId).filter((groupId) => groupId.startsWith(groupPrefix)).sort();
      const lags: GroupLag[] = [];
      for (const groupId of ours) {
        const group = groupId.slice(groupPrefix.length);
        lags.push(...(await lagOf(admin, groupId, [])).map((lag) => ({ ...lag, group })));
      }
      return lags;
    },
    rewind: ({ group, topic, from, dryRun = false }) => rewind(admin, `${groupPrefix}${group}`, { topic, from, dryRun }),
    close: () => admin.close(),
  };
}

async function rewind(
  admin: AdminConnection,
  groupId: string,
  { topic, from, dryRun }: { readonly topic: string; readonly from: 'start' | Date; readonly dryRun: boolean },
): Promise<readonly Rewound[]> {
  return admin.use(async (client) => {
    const { groups } = await client.describeGroups([groupId]);
    const members = groups[0]?.members.length ?? 0;
    if (members > 0 && !dryRun) {
      throw new GroupInUseError(`${groupId} has ${members} members: on Kafka stop the service first, then replay`);
    }
    const [committed] = await client.fetchOffsets({ groupId, topics: [topic] });
    const held = (committed?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
    const starts = from === 'start' ? await client.fetchTopicOffsets(topic) : await client.fetchTopicOffsetsByTimestamp(topic, from.getTime());
    const startOf = new Map(starts.map((start) => [start.partition, Number('low' in start ? start.low : start.offset)]));
    const rewound = held.map(({ partition, offset }): Rewound => {
      const before = Number(offset);
      const after = Math.min(before, startOf.get(partition) ?? before);
      return { partition, before: String(before), after: String(after), messages: before - after };
    });
    const moved = rewound.filter(({ messages }) => messages > 0);
    if (!dryRun && moved.length > 0) {
      const partitions = moved.map(({ partition, after }) => ({ partition, offset: after }));
      await client.setOffsets({ groupId, topic, partitions });
    }
    return rewound.sort((a, b) => a.partition - b.partition);
  });
}

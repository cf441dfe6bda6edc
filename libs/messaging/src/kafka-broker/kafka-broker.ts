import { silentLogger, type Logger } from '@tom/postgres';
import type { Broker } from '../broker.ts';
import { createAdminConnection } from './admin.ts';
import { createClient, type KafkaConnection } from './client.ts';
import { createCluster } from './cluster.ts';
import { createClusterPool } from './cluster-pool.ts';
import { lagOf } from './lag.ts';
import { startMember, type Member } from './member.ts';
import { createPublisher } from './publisher.ts';
import { createReader } from './reader.ts';

/**
 * `groupPrefix` is put before every group's name. `topics` declares partitions: a topic with another number is
 * reported. Defaults: a member that stops answering loses its partitions after 10 s, a consumer that gives no sign of
 * life for 30 s is replaced.
 */
export interface KafkaBrokerOptions extends KafkaConnection {
  readonly groupPrefix?: string;
  readonly topics?: Readonly<Record<string, { readonly partitions: number }>>;
  readonly logger?: Logger;
  readonly sessionMs?: number;
  readonly stalledMs?: number;
}

/**
 * Apache Kafka as the log. Topics are never made here: publishing to one that is missing fails, subscribing waits for
 * it, and both say so. Never throws while Kafka is away, its calls do.
 */
export function createKafkaBroker(options: KafkaBrokerOptions): Broker {
  const { logger = silentLogger, groupPrefix = '', topics: declared = {}, sessionMs = 10_000, stalledMs = 30_000 } = options;
  const createKafka = () => createClient(options, logger);
  const admin = createAdminConnection(createKafka);
  const publisher = createPublisher(createKafka, admin);
  const clusters = createClusterPool(() => createCluster(createKafka()));
  const members = new Map<Member, string>();
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await Promise.all([...members.keys()].map((member) => member.stop()));
    await Promise.all([publisher.close(), clusters.close(), admin.close()]);
  }

  return {
    publish: (messages) => publisher.publish(messages),
    subscribe: async (subscribing) => {
      const groupId = `${groupPrefix}${subscribing.group}`;
      const member = startMember({ createKafka, admin, groupId, declared, logger, sessionMs, stalledMs }, subscribing);
      members.set(member, subscribing.group);
      return {
        stop: async () => {
          members.delete(member);
          await member.stop();
        },
      };
    },
    reader: (reading) => createReader({ clusters, admin }, reading),
    lag: (group) => {
      const own = [...members].filter(([, name]) => name === group).flatMap(([{ topics }]) => topics);
      return lagOf(admin, `${groupPrefix}${group}`, own);
    },
    health: () => [...members.keys()].map((member) => member.health()),
    ping: async () => void (await admin.use((client) => client.describeCluster())),
    close: () => (closing ??= close()),
  };
}

import { systemClock, type Clock } from '@tom/kernel';
import { createDatabase, silentLogger, sql, type Logger } from '@tom/postgres';
import type { Broker, OutgoingMessage, PartitionLag } from '../broker.ts';
import { createListener } from './listener.ts';
import { startMember, type Member } from './member.ts';
import { createReader } from './reader.ts';
import { sweepLog } from './retention.ts';
import { createTopics } from './topics.ts';

/**
 * `connectionString` leads to the event log's database, directly and not through a pooler. `topics` declares
 * partitions (8 where nothing is said). Defaults: messages are kept 30 days, a group that nobody serves is waited for
 * 7 more days, a member that stops answering loses its partitions after 10 s (at once when its process dies).
 */
export interface PostgresBrokerOptions {
  readonly connectionString: string;
  readonly topics?: Readonly<Record<string, { readonly partitions: number }>>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly retentionDays?: number;
  readonly groupDays?: number;
  readonly leaseMs?: number;
  readonly heartbeatMs?: number;
}

const SWEEP_EVERY_MS = 600_000;

const append = sql('log.append', 'select log_append($1::json, $2::int[], $3)');
const lagOf = sql(
  'log.lag',
  `select p.topic, p."partition", greatest(g.committed, p.first_offset)::text as "offset", p.next_offset::text as "end",
     p.next_offset - greatest(g.committed, p.first_offset) as lag
   from log_group_partition as g join log_partition as p on p.id = g.partition_id
   where g.group_name = $1 order by p.topic, p."partition"`,
);

/** The event log in Postgres; `migrateEventLog` comes first. Never throws while the server is away, its calls do. */
export function createPostgresBroker(options: PostgresBrokerOptions): Broker {
  const { connectionString, clock = systemClock, logger = silentLogger, leaseMs = 10_000 } = options;
  const heartbeatMs = options.heartbeatMs ?? leaseMs / 5;
  const database = createDatabase({ connectionString, applicationName: 'event log', maxConnections: 4, logger });
  const topics = createTopics(database, options.topics);
  const listener = createListener({ connectionString, logger });
  const members = new Set<Member>();
  let sweeping: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;

  /** Offsets are dense within a batch too: `n` counts the messages of each partition. */
  async function publish(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await topics.partitionsOf([...new Set(messages.map((message) => message.topic))]);
    const sizes = new Map<number, number>();
    const rows = messages.map(({ topic, key, headers, value }) => {
      const p = topics.idFor(topic, key);
      const n = sizes.get(p) ?? 0;
      sizes.set(p, n + 1);
      return { p, n, key, headers, value };
    });
    await database.query(append, [JSON.stringify(rows), [...sizes.keys()], clock.now()]);
  }

  /** As often as there is something to remove: 5,000 of a partition in ten minutes would not keep up with a busy one. */
  async function sweep(): Promise<void> {
    const { retentionDays: days = 30, groupDays = 7 } = options;
    try {
      while (!closing && (await sweepLog(database, { days, groupDays: days + groupDays, now: clock.now(), logger })) > 0);
    } catch (error) {
      logger.debug({ error: String(error) }, 'retention waits');
    }
  }

  async function close(): Promise<void> {
    clearInterval(sweeping);
    await Promise.all([...members].map((member) => member.stop()));
    await listener.stop();
    await database.close();
  }

  return {
    publish,
    subscribe: async (subscribing) => {
      const member = startMember({ database, topics, listener, clock, logger, leaseMs, heartbeatMs }, subscribing);
      members.add(member);
      sweeping ??= setInterval(() => void sweep(), SWEEP_EVERY_MS).unref();
      return {
        stop: async () => {
          members.delete(member);
          await member.stop();
        },
      };
    },
    reader: (reading) => createReader({ database, topics, listener }, reading),
    lag: (group) => database.query<PartitionLag>(lagOf, [group]),
    health: () => [...members].map((member) => member.health()),
    ping: () => database.ping(),
    close: () => (closing ??= close()),
  };
}

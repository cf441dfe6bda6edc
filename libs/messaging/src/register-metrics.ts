import { sql, type Database } from '@tom/postgres';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Broker } from './broker.ts';
import type { Consumer, ConsumerStats } from './consumer.ts';
import { outboxState } from './outbox-state.ts';

/** What the figures of one service are read from; its consumer may be made later than its metrics. */
export interface MeasuredParts {
  readonly metrics: Registry;
  readonly database: Database;
  readonly broker: Broker;
  readonly consumer: () => Consumer | undefined;
  readonly group: string;
}

const WITHIN_MS = 2_000;

const put = sql(
  'metrics.put_aside',
  `select (select count(*) from dead_letter where consumer = $1) as letters,
     (select count(*) from parked_key where consumer = $1) as keys,
     (select count(*) from dead_letter where consumer = $1 and not copied and reason <> 'parked') as uncopied`,
);

const counted: Readonly<Record<Exclude<keyof ConsumerStats, 'stopped'>, string>> = {
  handled: 'Messages handled.',
  duplicates: 'Messages that came again and were skipped.',
  retries: 'Times that a message was left for a later attempt.',
  buried: 'Messages put among the dead letters.',
  parked: 'Messages that joined the line behind a dead letter.',
};

/**
 * Registers outbox, lag, dead letters, parked keys and what the consumer counts. They are read when somebody asks; what
 * cannot be read within 2 s, because a database is away, is left out instead of failing the scrape.
 */
export function registerMessagingMetrics({ metrics, database, broker, consumer, group }: MeasuredParts): void {
  const registers = [metrics];
  const gauge = (name: string, help: string, labelNames: readonly string[], read: (gauge: Gauge) => Promise<void>) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        // Without labels a reset would say 0, which is not what "could not be read" means.
        if (labelNames.length > 0) this.reset();
        else this.remove();
        await settled(() => read(this));
      },
    });
  // One read for all gauges of a scrape: prom-client asks them at the same moment.
  const outbox = shared(() => outboxState(database));
  const aside = shared(async () => (await database.query<{ letters: number; keys: number; uncopied: number }>(put, [group]))[0]);

  gauge('tom_outbox_waiting', 'Messages that wait to be published, counted up to 1,000,000.', [], async (of) =>
    of.set((await outbox()).waiting),
  );
  gauge('tom_outbox_oldest_seconds', 'How long the oldest message has waited to be published.', [], async (of) =>
    of.set((await outbox()).oldestSeconds),
  );
  gauge('tom_consumer_lag', 'Messages of a topic that the group has not handled yet.', ['group', 'topic'], async (of) => {
    const topics = new Map<string, number>();
    for (const { topic, lag } of await broker.lag(group)) topics.set(topic, (topics.get(topic) ?? 0) + lag);
    for (const [topic, lag] of topics) of.set({ group, topic }, lag);
  });
  gauge('tom_dead_letters', 'Messages put aside, those parked behind others included.', ['group'], async (of) =>
    of.set({ group }, (await aside())?.letters ?? 0),
  );
  gauge('tom_dead_letters_uncopied', 'Dead letters whose copy is not on its topic yet.', ['group'], async (of) =>
    of.set({ group }, (await aside())?.uncopied ?? 0),
  );
  gauge('tom_parked_keys', 'Keys whose messages wait behind a dead letter.', ['group'], async (of) =>
    of.set({ group }, (await aside())?.keys ?? 0),
  );
  gauge('tom_stopped_partitions', 'Partitions that stand still: no room among the dead letters.', ['group'], async (of) =>
    of.set({ group }, consumer()?.stats().stopped ?? 0),
  );
  for (const [name, help] of Object.entries(counted) as [keyof typeof counted, string][]) {
    new Counter({
      name: `tom_messages_${name}_total`,
      help,
      labelNames: ['group'],
      registers,
      collect() {
        this.reset();
        this.inc({ group }, consumer()?.stats()[name] ?? 0);
      },
    });
  }
}

/** The same answer for all who ask while it is being fetched. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** A figure that cannot be had is missing from the scrape, which is what an alert on absence looks for. */
async function settled(read: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WITHIN_MS);
  });
  const quiet = read().catch(() => undefined);
  await Promise.race([quiet, late]);
  clearTimeout(timer);
}

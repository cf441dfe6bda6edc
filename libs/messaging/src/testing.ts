import { newId, type Clock } from '@tom/kernel';
import type { Logger } from '@tom/postgres';
import { createTestDatabase } from '@tom/postgres/testing';
import type { Broker, IncomingMessage, OutgoingMessage } from './broker.ts';
import { formatHeaders, type Envelope } from './envelope.ts';
import type { MessageType } from './message-type.ts';
import { createPostgresBroker } from './postgres-broker/postgres-broker.ts';
import { eventLogMigrations } from './postgres-broker/schema.ts';

/** An event log of one test file. */
export interface TestBroker {
  readonly url: string;
  readonly broker: Broker;
  drop(): Promise<void>;
}

/** A Postgres broker on a fresh event log; a member that freezes loses its partitions after 1.5 s. */
export async function createTestBroker(
  options: { readonly clock?: Clock; readonly logger?: Logger } = {},
): Promise<TestBroker> {
  const log = await createTestDatabase({ migrations: eventLogMigrations });
  const broker = createPostgresBroker({ connectionString: log.url, leaseMs: 1_500, ...options });
  return {
    url: log.url,
    broker,
    drop: async () => {
      await broker.close();
      await log.drop();
    },
  };
}

/** A message as another service would publish it; what is not said is made up. */
export function messageOf<T>(
  type: MessageType<T>,
  data: NoInfer<T>,
  envelope: Partial<Omit<Envelope, 'data' | 'type' | 'topic'>> = {},
): OutgoingMessage {
  const subject = envelope.subject ?? newId();
  const complete = {
    id: newId(),
    source: '/tom/test',
    time: new Date().toISOString(),
    subject,
    correlationId: newId(),
    depth: 0,
    aggregateId: subject,
    revision: 1,
    actor: 'user:test',
    ...envelope,
    type: type.typeName,
  };
  return {
    topic: type.topic,
    key: envelope.key ?? subject,
    headers: formatHeaders(complete),
    value: JSON.stringify(type.encode(data)),
  };
}

/** Everything that the topics hold now, in order within each partition. */
export async function readAll(broker: Broker, topics: readonly string[]): Promise<IncomingMessage[]> {
  const reader = await broker.reader({ topics, from: 'start' });
  const all: IncomingMessage[] = [];
  for (;;) {
    const some = await reader.next({ waitMs: 0 });
    if (some.length === 0) break;
    all.push(...some);
  }
  await reader.close();
  return all;
}

/** Resolves when `holds` does, asked every 20 ms; throws naming `what` after the time (default 10 s). */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: did not happen within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

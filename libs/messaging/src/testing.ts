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

type Named<A extends unknown[]> = A | [what: string, ...A];

function isNamed<A extends [unknown, ...unknown[]]>(given: Named<A>): given is [what: string, ...A] {
  return typeof given[0] === 'string';
}

/**
 * Resolves with what `look` answers as soon as it neither throws nor answers false; asked every 20 ms. After the time
 * (default 10 s) it throws what `look` threw last, or else names `what`.
 */
export async function eventually<T>(
  ...given: Named<[look: () => T | Promise<T>, withinMs?: number | undefined]>
): Promise<T> {
  const [what, look, withinMs = 10_000] = isNamed(given) ? given : (['it', ...given] as const);
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      const answer = await look();
      if (answer !== false) return answer;
      if (performance.now() > end) throw new Error(`${what}: did not happen within ${withinMs} ms`);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

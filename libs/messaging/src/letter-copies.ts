import { sql, type Connection, type Logger } from '@tom/postgres';
import type { Broker, OutgoingMessage } from './broker.ts';
import { deadLetterTopic, type DeadLetterReason } from './dead-letters.ts';
import { backoff, pause } from './wake-up.ts';

/** A dead letter whose copy was not published yet. */
interface Uncopied {
  readonly id: number;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
  readonly reason: DeadLetterReason;
  readonly error: string;
}

interface CopyOptions {
  readonly connection: Connection;
  readonly broker: Broker;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const BATCH = 100;
const POLL_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** Those of topics that take no copies are left out, so that they do not stand before the others. Exported for its plan. */
export const uncopied = sql(
  'letter_copies.next',
  `select id, consumer as "group", topic, "partition", "offset", key, headers, value, reason, error from dead_letter
   where not copied and reason <> 'parked' and topic || '.' || consumer || '.dlq' <> all ($1::text[])
   order by id limit ${BATCH}`,
);
const markCopied = sql('letter_copies.mark', 'update dead_letter set copied = true where id = any ($1::bigint[])');

/**
 * Publishes a copy of each dead letter for outsiders, at least once, until the signal is aborted; never rejects. A lane of
 * its own: a topic for copies that is missing or refused holds up neither the service's events nor the other topics'
 * copies. It is tried again (up to a minute apart), and the letters, which are what counts, lie in the database anyhow.
 */
export async function copyLetters({ connection, broker, logger, signal }: CopyOptions): Promise<void> {
  const failing = new Map<string, { attempts: number; tryAgainAt: number }>();

  async function publish(topic: string, letters: readonly Uncopied[]): Promise<void> {
    try {
      await broker.publish(letters.map(copyOf));
    } catch (error) {
      const attempts = (failing.get(topic)?.attempts ?? 0) + 1;
      if (attempts === 1) logger.warn({ topic, error: String(error) }, 'copies of dead letters cannot be published; they are tried until it works');
      failing.set(topic, { attempts, tryAgainAt: performance.now() + backoff(attempts, POLL_MS, MAX_RETRY_MS) });
      return;
    }
    await connection.query(markCopied, [letters.map(({ id }) => id)]);
    if (failing.delete(topic)) logger.info({ topic }, 'copies of dead letters are published again');
  }

  async function round(): Promise<void> {
    for (;;) {
      const now = performance.now();
      const waiting = [...failing].filter(([, { tryAgainAt }]) => tryAgainAt > now).map(([topic]) => topic);
      const letters = await connection.query<Uncopied>(uncopied, [waiting]);
      if (letters.length === 0) return;
      for (const topic of new Set(letters.map(topicOf))) {
        if (signal.aborted) return;
        await publish(topic, letters.filter((letter) => topicOf(letter) === topic));
      }
    }
  }

  while (!signal.aborted) {
    try {
      await round();
    } catch (error) {
      // The connection is lost, and with it this lane ends; the next session goes on.
      logger.debug({ error: String(error) }, 'copies of dead letters wait');
    }
    await pause(POLL_MS, signal);
  }
}

function topicOf({ topic, group }: Uncopied): string {
  return deadLetterTopic(topic, group);
}

function copyOf(letter: Uncopied): OutgoingMessage {
  return {
    topic: topicOf(letter),
    key: letter.key,
    value: letter.value,
    headers: {
      ...letter.headers,
      tom_dlq_reason: letter.reason,
      tom_dlq_error: letter.error.slice(0, 1_000),
      tom_dlq_topic: letter.topic,
      tom_dlq_partition: String(letter.partition),
      tom_dlq_offset: String(letter.offset),
      tom_dlq_group: letter.group,
    },
  };
}

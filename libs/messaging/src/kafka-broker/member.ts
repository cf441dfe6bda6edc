import type { Logger } from '@tom/postgres';
import type { Kafka } from 'kafkajs';
import type { MemberHealth, SubscribeOptions } from '../broker.ts';
import { deadLetterTopic } from '../dead-letters.ts';
import { backoff, pause } from '../wake-up.ts';
import type { AdminConnection } from './admin.ts';
import { MissingTopicError } from './missing-topic.ts';
import { runSession } from './session.ts';

/** What a member works with. `declared` says how many partitions topics should have. */
export interface MemberParts {
  readonly createKafka: () => Kafka;
  readonly admin: AdminConnection;
  readonly groupId: string;
  readonly declared: Readonly<Record<string, { readonly partitions: number }>>;
  readonly logger: Logger;
  readonly sessionMs: number;
  readonly stalledMs: number;
}

/** A member of a group, running until it is stopped. */
export interface Member {
  readonly topics: readonly string[];
  health(): MemberHealth;
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 3_000;
const RECOVERED_MS = 10_000;
const REPORT_AFTER_MS = 60_000;
const REPORT_EVERY_MS = 300_000;

/** Starts a member: one consumer after the other, whatever happens to them, with a growing delay between failures. */
export function startMember(parts: MemberParts, options: SubscribeOptions): Member {
  const { admin, logger, declared } = parts;
  const { group, topics } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let failingSince: number | undefined = performance.now();
  let problem: string | undefined = 'joining the group';
  let reportAt = performance.now() + REPORT_AFTER_MS;
  let joinedAt: number | undefined;
  let failures = 0;
  let looked = false;

  function onJoined(): void {
    if (failures > 0) logger.info({ group }, 'the member works again');
    failingSince = undefined;
    problem = undefined;
    joinedAt = performance.now();
  }

  function onFailure(error: unknown): void {
    const now = performance.now();
    if (joinedAt !== undefined && now - joinedAt > RECOVERED_MS) failures = 0;
    failures += 1;
    if (failingSince === undefined) {
      failingSince = now;
      reportAt = now + REPORT_AFTER_MS;
    }
    const text = error instanceof Error ? error.message : String(error);
    const missing = error instanceof MissingTopicError;
    if (text !== problem) logger.warn({ group, error: text }, missing ? 'a topic is missing; the member waits for it' : 'the member failed; it is started again');
    problem = text;
    joinedAt = undefined;
  }

  /** Somebody has to look at what lasts. */
  function reportWhatLasts(): void {
    const now = performance.now();
    if (failingSince === undefined || now < reportAt) return;
    reportAt = now + REPORT_EVERY_MS;
    logger.error({ group, problem, failingForS: Math.round((now - failingSince) / 1000) }, 'the member does not get to work');
  }

  async function countPartitions(): Promise<number> {
    const there = await admin.requireTopics(topics);
    const found = await admin.use((client) => client.fetchTopicMetadata({ topics: [...topics] }));
    if (!looked) tellWhatIsOdd(there, found.topics);
    looked = true;
    return found.topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
  }

  function tellWhatIsOdd(there: ReadonlySet<string>, found: readonly { readonly name: string; readonly partitions: readonly unknown[] }[]): void {
    for (const { name, partitions } of found) {
      const wanted = declared[name]?.partitions;
      if (wanted !== undefined && wanted !== partitions.length) {
        logger.warn({ topic: name, partitions: partitions.length, declared: wanted }, 'a topic has not as many partitions as declared');
      }
      const copies = deadLetterTopic(name, group);
      if (!there.has(copies)) logger.warn({ group, topic: copies }, 'the topic for copies of dead letters does not exist');
    }
  }

  async function keepRunning(): Promise<void> {
    while (!signal.aborted) {
      try {
        const session = { ...parts, partitions: await countPartitions() };
        if (!signal.aborted) await runSession(session, options, { stopping: signal, onJoined });
      } catch (error) {
        if (signal.aborted) return;
        onFailure(error);
        await pause(backoff(failures, FIRST_RETRY_MS, MAX_RETRY_MS), signal);
      }
    }
  }

  const reporting = setInterval(reportWhatLasts, REPORT_AFTER_MS / 6).unref();
  const running = keepRunning();
  return {
    topics,
    health: () => ({
      group,
      failingForMs: failingSince === undefined ? 0 : Math.ceil(performance.now() - failingSince),
      ...(problem === undefined ? {} : { problem }),
    }),
    stop: async () => {
      stopping.abort();
      clearInterval(reporting);
      await running;
    },
  };
}

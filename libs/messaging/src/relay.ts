import type { Clock } from '@tom/kernel';
import { keepConnected, sql, type Connection, type KeptConnection, type Logger } from '@tom/postgres';
import type { Broker, OutgoingMessage } from './broker.ts';
import { copyLetters } from './letter-copies.ts';
import type { Outbox } from './outbox.ts';
import { sweep } from './sweep.ts';
import { aborted, backoff, createWakeUp, pause, settlesWithin } from './wake-up.ts';

/** Moves a service's outbox to the log, at least once and in id order, and beside it the copies of its dead letters. */
export interface Relay {
  /** Returns at once; connects, and takes over when it is its turn, by itself. */
  start(): void;
  /** Ends after the batch under way. */
  stop(): Promise<void>;
  /** Says that something was committed to the outbox; the outbox given at creation does it by itself. */
  wake(): void;
  /** Whether this relay is the active one of its database. */
  isActive(): boolean;
}

/**
 * `connectionString` must lead to the database directly, not through a pooler: the advisory lock and LISTEN belong to a
 * session. `paceMs` is the least time from one publishing to the next while they are not full; a message that comes
 * after that time goes at once. Defaults: `batchSize` 500, `paceMs` 0, `inboxRetentionDays` 35 (the log keeps 30).
 */
export interface RelayOptions {
  readonly connectionString: string;
  readonly broker: Broker;
  readonly outbox: Outbox;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly batchSize?: number;
  readonly paceMs?: number;
  readonly inboxRetentionDays?: number;
}

interface OutboxMessage extends OutgoingMessage {
  readonly id: number;
}

const LOCK_KEY = 7_101_002;
const CHANNEL = 'tom_outbox';
const SAFETY_POLL_MS = 1_000;
const SWEEP_EVERY_MS = 600_000;
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 5_000;
const STOP_MS = 3_000;
const REMOVE_AFTER_MS = 20;

const tryLock = sql('relay.lock', 'select pg_try_advisory_lock($1) as locked');
const count = sql('relay.depth', 'select count(*) as waiting from (select 1 from outbox limit 1000000) as counted');

/**
 * Removes what was published and reads what is next, by existence, never by `id > last`: a row that commits late has a
 * lower id than rows already published. The rows just removed are still visible to this statement, hence `<> all`.
 */
export const advance = sql(
  'relay.advance',
  `with published as (delete from outbox where id = any ($1::bigint[]))
   select id, topic, key, headers, value from outbox where id <> all ($1::bigint[]) order by id limit $2`,
);
const remove = sql('relay.remove', 'delete from outbox where id = any ($1::bigint[])');

/** The relay of one process. Of all relays of a database one is active; another takes over within about a second. */
export function createRelay(options: RelayOptions): Relay {
  const { broker, outbox, logger, clock, batchSize = 500, paceMs = 0 } = options;
  const bell = createWakeUp();
  let kept: KeptConnection | undefined;
  let current: Connection | undefined;
  let active = false;
  let stopping = false;
  const leaving = new AbortController();
  let reportAt = 0;
  let stopWaking: (() => void) | undefined;
  let endSession: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    endSession = resolve;
  });

  async function publish(messages: readonly OutboxMessage[], signal: AbortSignal): Promise<boolean> {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await broker.publish(messages);
        if (attempt > 1) logger.info({ attempt }, 'publishing works again');
        return true;
      } catch (error) {
        if (attempt === 1) logger.warn({ error: String(error) }, 'publishing failed; it is tried until it works');
        if (current) outbox.reportWaiting((await depthOn(current)) ?? 0);
        await pause(backoff(attempt, FIRST_RETRY_MS, MAX_RETRY_MS), signal);
      }
    }
    return false;
  }

  /** What was published is removed together with the next read, which a lone message waits for a moment. */
  async function drain(connection: Connection, signal: AbortSignal): Promise<void> {
    let published: readonly number[] = [];
    while (!signal.aborted && !stopping) {
      const messages = await connection.query<OutboxMessage>(advance, [published, batchSize]);
      published = [];
      if (messages.length === 0) {
        outbox.reportWaiting(0);
        return;
      }
      if (messages.length === batchSize) await reportBacklog(connection);
      const startedAt = performance.now();
      if (await publish(messages, signal)) published = messages.map((message) => message.id);
      if (messages.length === batchSize) continue;
      if (!stopping) await bell.wait(REMOVE_AFTER_MS, signal);
      const early = startedAt + paceMs - performance.now();
      if (!stopping && early > 0) await pause(early, signal);
    }
    if (published.length > 0 && !signal.aborted) await connection.query(remove, [published]);
  }

  /** While it is behind, the outbox is told once a second how much waits. */
  async function reportBacklog(connection: Connection): Promise<void> {
    if (performance.now() < reportAt) return;
    reportAt = performance.now() + SAFETY_POLL_MS;
    outbox.reportWaiting((await depthOn(connection)) ?? 0);
  }

  async function relayWhileActive(connection: Connection, signal: AbortSignal): Promise<void> {
    let sweepAt = performance.now();
    while (!signal.aborted && !stopping) {
      await drain(connection, signal);
      if (performance.now() >= sweepAt) {
        const more = await sweep(connection, clock.now(), options.inboxRetentionDays ?? 35, logger);
        sweepAt = performance.now() + (more ? 0 : SWEEP_EVERY_MS);
        if (more) continue;
      }
      if (!stopping) await bell.wait(SAFETY_POLL_MS, signal);
    }
  }

  async function session(connection: Connection, signal: AbortSignal): Promise<void> {
    current = connection;
    try {
      connection.onNotification(() => bell.ring());
      while (!signal.aborted && !stopping) {
        const [answer] = await connection.query<{ locked: boolean }>(tryLock, [LOCK_KEY]);
        if (answer?.locked) {
          active = true;
          logger.info({}, 'relay active');
          await connection.execute(`listen ${CHANNEL}`);
          // Not waited for: a log that takes no copies must hold up neither the events nor the next session.
          void copyLetters({ connection, broker, logger, signal: AbortSignal.any([signal, leaving.signal]) });
          await relayWhileActive(connection, signal);
        } else {
          await standBy(connection, signal);
        }
      }
      endSession();
      await aborted(signal);
    } finally {
      active = false;
      current = undefined;
    }
  }

  /** Another process relays for this database: what this one commits is told to it, outside the commits themselves. */
  async function standBy(connection: Connection, signal: AbortSignal): Promise<void> {
    const tryAgainAt = performance.now() + SAFETY_POLL_MS;
    while (!signal.aborted && !stopping && performance.now() < tryAgainAt) {
      const before = performance.now();
      await bell.wait(Math.max(1, tryAgainAt - before), signal);
      if (signal.aborted || stopping || performance.now() >= tryAgainAt) return;
      await connection.execute(`notify ${CHANNEL}`);
      await pause(5, signal);
    }
  }

  async function depthOn(connection: Connection): Promise<number | undefined> {
    try {
      const [row] = await connection.query<{ waiting: number }>(count);
      return row?.waiting;
    } catch (error) {
      logger.debug({ error: String(error) }, 'the outbox could not be counted');
      return undefined;
    }
  }

  return {
    start: () => {
      if (kept) return;
      stopWaking = outbox.onWake(() => bell.ring());
      kept = keepConnected({
        connectionString: options.connectionString,
        applicationName: `relay ${outbox.source}`,
        logger,
        session,
      });
    },
    stop: async () => {
      stopping = true;
      leaving.abort();
      stopWaking?.();
      bell.ring();
      // What was just published is removed first, else the next start publishes it again; a hanging log is not waited
      // for.
      if (current) await settlesWithin(ended, STOP_MS);
      await kept?.stop();
    },
    wake: () => bell.ring(),
    isActive: () => active,
  };
}

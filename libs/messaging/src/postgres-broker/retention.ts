import type { Clock } from '@tom/kernel';
import type { Database, Logger } from '@tom/postgres';
import { pause } from '../wake-up.ts';
import { cut, cuttable } from './statements.ts';

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
const CHUNK = 5_000;

interface Cuttable {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly until: number;
  readonly heldAt: number | null;
}

/**
 * Deletes messages appended before the instant, 5,000 a partition at most. Never past the offset of a group that is alive:
 * that is said in the log instead. Answers how many are gone; call again while it is not 0.
 */
export async function cutLog(database: Database, before: Date, logger: Logger): Promise<number> {
  let gone = 0;
  for (const { id, topic, partition, until, heldAt } of await database.query<Cuttable>(cuttable, [before, CHUNK])) {
    const to = heldAt === null ? until : Math.min(until, heldAt);
    if (to < until) logger.warn({ topic, partition, until, heldAt }, 'a group has not read what is older than the retention; kept');
    const [row] = await database.query<{ gone: number }>(cut, [id, to]);
    gone += row?.gone ?? 0;
  }
  return gone;
}

/** Cuts the log now and every hour until the signal is aborted. Two processes at once do no harm. */
export async function startRetention(
  options: { readonly database: Database; readonly clock: Clock; readonly logger: Logger; readonly days: number },
  signal: AbortSignal,
): Promise<void> {
  const { database, clock, logger, days } = options;
  // Not among the first things of a start.
  await pause(60_000, signal);
  while (!signal.aborted) {
    try {
      const before = new Date(clock.now().getTime() - days * DAY_MS);
      while (!signal.aborted && (await cutLog(database, before, logger)) > 0);
    } catch (error) {
      logger.warn({ error: String(error) }, 'the event log could not be cut; tried again');
    }
    await pause(EVERY_MS, signal);
  }
}

import { sql, type Logger, type Tx } from '@tom/postgres';
import { runHandlers, type HandleContext } from './handle-batch.ts';
import { understand, type Routes, type Work } from './incoming.ts';
import { pause } from './wake-up.ts';

/** Handles parked keys again when somebody asked for it. */
export interface Redriver {
  start(): void;
  stop(): Promise<void>;
}

interface RedriverOptions {
  readonly context: HandleContext;
  readonly routes: Routes;
  readonly logger: Logger;
  readonly isTransient: (error: unknown) => boolean;
}

interface Line {
  readonly topic: string;
  readonly key: string;
}

interface Buried {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly value: string;
  readonly created_at: Date;
}

type Step = 'next' | 'done' | 'halt';

const POLL_MS = 2_000;

/** Exported for the test of its plan. */
export const requestedLines = sql(
  'redrive.requested',
  'select topic, key from parked_key where consumer = $1 and redrive_requested limit 100',
);
const lockLine = sql(
  'redrive.lock',
  `select 1 from parked_key where consumer = $1 and topic = $2 and key = $3 and redrive_requested for update`,
);
const first = sql(
  'redrive.first',
  `select id, topic, "partition", "offset", key, headers, value, created_at from dead_letter
   where consumer = $1 and topic = $2 and key = $3 order by id limit 1`,
);
const take = sql('redrive.take', 'delete from dead_letter where id = $1 returning id');
const unpark = sql('redrive.unpark', 'delete from parked_key where consumer = $1 and topic = $2 and key = $3');
const halt = sql(
  'redrive.halt',
  'update parked_key set redrive_requested = false where consumer = $1 and topic = $2 and key = $3',
);
const note = sql(
  'redrive.note',
  `update dead_letter set attempts = attempts + 1, error = $2,
     reason = case reason when 'parked' then 'failed' else reason end
   where id = $1`,
);
const remember = sql(
  'redrive.remember',
  'insert into inbox (consumer, message_id, message_time) values ($1, $2, $3) on conflict do nothing',
);

/** The part of a consumer that works off dead letters, one key's line at a time and in order. */
export function createRedriver({ context, routes, logger, isTransient }: RedriverOptions): Redriver {
  const { database, group, clock } = context;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  const isOurs = async (tx: Tx, line: Line): Promise<boolean> =>
    (await tx.query(lockLine, [group, line.topic, line.key])).length > 0;

  /** The line is empty: arrivals, which lock the same row, go past it from now on. */
  async function finish(line: Line): Promise<Step> {
    return database.transaction(async (tx) => {
      if (!(await isOurs(tx, line))) return 'done';
      if ((await tx.query(first, [group, line.topic, line.key])).length > 0) return 'next';
      await tx.query(unpark, [group, line.topic, line.key]);
      return 'done';
    });
  }

  async function giveUp(line: Line, buried: Buried, error: string): Promise<Step> {
    await database.transaction(async (tx) => {
      // The line before its letters, as everybody locks them.
      await tx.query(halt, [group, line.topic, line.key]);
      await tx.query(note, [buried.id, error.replaceAll('\u0000', '\ufffd').slice(0, 4_000)]);
    });
    logger.error(
      { group, topic: line.topic, deadLetter: buried.id, error },
      'redrive stopped: the message still fails',
    );
    return 'halt';
  }

  /** The dead letter's row proves that its message was not handled, so neither its inbox row nor its age is asked. */
  async function handle(line: Line, buried: Buried, work: Work): Promise<Step> {
    const facts = await work.subscription.gather?.(work.envelope);
    return database.transaction(async (tx) => {
      if (!(await isOurs(tx, line))) return 'done';
      if ((await tx.query(take, [buried.id])).length === 0) return 'next';
      await tx.query(remember, [group, work.envelope.id, work.envelope.time]);
      await runHandlers(context, tx, clock.now(), [{ ...work, facts }]);
      return 'next';
    });
  }

  async function step(line: Line): Promise<Step> {
    const [buried] = await database.query<Buried>(first, [group, line.topic, line.key]);
    if (!buried) return finish(line);
    const message = { ...buried, offset: String(buried.offset), appendedAt: buried.created_at };
    const item = understand(message, routes, undefined);
    if (!item) return giveUp(line, buried, 'this group has no handler for the type any more');
    if (item.kind === 'reject') return giveUp(line, buried, item.error);
    try {
      return await handle(line, buried, item);
    } catch (error) {
      if (isTransient(error)) throw error;
      return giveUp(line, buried, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        for (const line of await database.query<Line>(requestedLines, [group])) {
          while (!stopping.signal.aborted && (await step(line)) === 'next');
        }
      } catch (error) {
        // Whatever is away comes back; the request stands in the database and is found again by the next poll.
        logger.debug({ group, error: String(error) }, 'redrive waits');
      }
      await pause(POLL_MS, stopping.signal);
    }
  }

  return {
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

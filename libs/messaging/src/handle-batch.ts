import type { Clock } from '@tom/kernel';
import type { Database, Tx } from '@tom/postgres';
import { claimMessages } from './claim.ts';
import { bury, insertDeadLetter, type DeadLetterReason } from './dead-letters.ts';
import { planRuns, type Reject, type Work } from './incoming.ts';
import { causedBy } from './origin.ts';
import type { Outbox } from './outbox.ts';
import { requireRoom, type ParkedLimits } from './parked-limits.ts';
import { collectEmits } from './subscription.ts';

/** Work whose facts were gathered. */
export interface ReadyWork extends Work {
  readonly facts: unknown;
}

/** What the transactions of a consumer need. */
export interface HandleContext {
  readonly database: Database;
  readonly group: string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly actor: string;
  readonly limits: ParkedLimits;
}

/** How the messages of one transaction ended. */
export interface HandledCounts {
  readonly handled: number;
  readonly duplicates: number;
  readonly parked: number;
}

/** Runs the handlers in runs of one type, then appends what they emitted in the order of the messages. */
export async function runHandlers(
  context: Pick<HandleContext, 'outbox' | 'actor'>,
  tx: Tx,
  now: Date,
  works: readonly ReadyWork[],
): Promise<void> {
  const emits = works.map((work) => ({ work, ...collectEmits() }));
  const items = emits.map(({ work, emit }) => ({ ...work, emit }));
  for (const run of planRuns(items)) {
    await run.subscription.run({
      tx,
      now,
      items: run.items.map(({ envelope, facts, emit, message }) => ({ envelope, facts, emit, message })),
    });
  }
  for (const { work, drafts } of emits) {
    if (drafts.length > 0) await context.outbox.append(tx, causedBy(work.envelope, context.actor), drafts);
  }
}

/**
 * Handles messages in one transaction: claims their inbox rows, lets those of parked keys join their line, runs the
 * handlers. Two round trips beside what the handlers do.
 */
export async function handleTogether(context: HandleContext, works: readonly ReadyWork[]): Promise<HandledCounts> {
  const { database, group, clock } = context;
  const distinct = firstOfEach(works);
  return database.transaction(async (tx) => {
    const now = clock.now();
    const claim = await claimMessages(
      tx,
      group,
      distinct.map((work) => work.envelope),
    );
    const claimed = distinct.filter((work) => claim.isClaimed(work.envelope.id));
    const free: ReadyWork[] = [];
    for (const work of claimed) {
      const { message, envelope } = work;
      if (claim.isParked(message.topic, message.key)) {
        const error = 'an earlier message of this key lies among the dead letters';
        await insertDeadLetter(tx, { group, message, envelope, reason: 'parked', error, attempts: 0, now });
      } else {
        free.push(work);
      }
    }
    if (free.length < claimed.length) await requireRoom(tx, group, context.limits);
    await runHandlers(context, tx, now, free);
    return {
      handled: free.length,
      duplicates: works.length - claimed.length,
      parked: claimed.length - free.length,
    };
  });
}

/** A message that came twice within a batch counts where it came first. */
function firstOfEach(works: readonly ReadyWork[]): readonly ReadyWork[] {
  const seen = new Set(works.map((work) => work.envelope.id));
  return seen.size === works.length ? works : works.filter((work) => seen.delete(work.envelope.id));
}

/** Buries one message in a transaction of its own; false when it was done before. */
export async function buryOne(
  context: HandleContext,
  item: Work | Reject,
  burial: { reason: DeadLetterReason; error: string; attempts: number },
): Promise<boolean> {
  const { database, group, clock, limits } = context;
  const { message, envelope } = item;
  return database.transaction((tx) => bury(tx, { group, message, envelope, now: clock.now(), limits, ...burial }));
}

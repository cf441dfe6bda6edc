import { deriveId, DomainError, type Clock } from '@tom/kernel';
import type { Database, Tx } from '@tom/postgres';
import type { IncomingMessage, OutgoingMessage } from './broker.ts';
import { formatHeaders, type Envelope } from './envelope.ts';
import { runHandlers, type ReadyWork } from './handle-batch.ts';
import { routesOf, understand, type Routes, type Work } from './incoming.ts';
import type { Draft, Outbox } from './outbox.ts';
import type { Subscription } from './subscription.ts';

/** More than any request makes happen; most likely rules that keep calling each other. */
const MOST_HANDLED = 500;

/** What would happen: the same `seed` gives the same ids to what has no cause, so that one rehearsal can follow another. */
export interface Rehearsal<T> {
  readonly seed: string;
  /** What would come from elsewhere, in this order; what nobody here subscribed to is passed over. */
  readonly messages: readonly OutgoingMessage[];
  readonly subscriptions: readonly Subscription[];
  /** Done first, in the same transaction, with an outbox of its own. */
  readonly before?: (tx: Tx, outbox: Outbox) => Promise<void>;
  /** Read last, while everything is as it would be. */
  readonly after: (tx: Tx) => Promise<T>;
}

/** What this service would tell, in order, and what `after` read. */
export interface Rehearsed<T> {
  readonly told: readonly OutgoingMessage[];
  readonly value: T;
}

/**
 * Lets the real handlers do what they would do about messages, those that this service itself would tell included, in a
 * transaction that is rolled back: nothing is written, no relay is woken. A message that cannot be understood: INVALID;
 * a row that is held by somebody else: a transient error.
 */
export async function rehearse<T>(
  { database, outbox, clock }: { readonly database: Database; readonly outbox: Outbox; readonly clock: Clock },
  rehearsal: Rehearsal<T>,
): Promise<Rehearsed<T>> {
  const { seed, messages, subscriptions, before, after } = rehearsal;
  const routes = routesOf(subscriptions);
  const now = clock.now();
  const arrived = await Promise.all(
    messages.flatMap((message, index) => {
      const work = workOf(routes, message, now, `messages[${index}]`);
      return work ? [withFacts(work)] : [];
    }),
  );
  return database.rehearse(async (tx) => {
    const recorder = rehearsalOutbox(outbox, seed);
    const context = { outbox: recorder.outbox, actor: `service:${outbox.source.slice('/tom/'.length)}` };
    await before?.(tx, recorder.outbox);
    let heard = 0;
    /** What a message makes this service tell itself comes before what comes from elsewhere next. */
    async function handleOwn(): Promise<void> {
      for (; heard < recorder.told.length; heard += 1) {
        if (heard > MOST_HANDLED) throw new Error(`More than ${MOST_HANDLED} messages follow from one request`);
        const work = workOf(routes, recorder.told[heard] as OutgoingMessage, now, 'told');
        if (work) await runHandlers(context, tx, now, [{ ...work, facts: undefined }]);
      }
    }
    await handleOwn();
    for (const work of arrived) {
      await runHandlers(context, tx, now, [work]);
      await handleOwn();
    }
    return { told: recorder.told, value: await after(tx) };
  });
}

function workOf(routes: Routes, message: OutgoingMessage, now: Date, path: string): Work | undefined {
  const arriving: IncomingMessage = { ...message, partition: 0, offset: '0', appendedAt: now };
  const incoming = understand(arriving, routes, undefined);
  if (incoming?.kind !== 'reject') return incoming;
  throw DomainError.invalid([{ path, message: incoming.error, expected: 'a message as it would be published' }]);
}

async function withFacts(work: Work): Promise<ReadyWork> {
  return { ...work, facts: await work.subscription.gather?.(work.envelope) };
}

/** An outbox for `Database.rehearse`, which says what was appended; `seed` gives their ids to drafts without a cause. */
export function rehearsalOutbox(outbox: Outbox, seed: string): { readonly outbox: Outbox; readonly told: readonly OutgoingMessage[] } {
  const told: OutgoingMessage[] = [];
  let unnamed = 0;
  return {
    told,
    outbox: {
      ...outbox,
      append: async (tx, origin, drafts) => {
        const given = drafts as unknown as readonly Draft[];
        const named =
          origin.causationId === undefined
            ? given.map((draft) => ({ ...draft, id: draft.id ?? deriveId('rehearsal', seed, (unnamed += 1)) }))
            : given;
        const envelopes = await outbox.append(tx, origin, named);
        told.push(...envelopes.map((envelope, index) => rehearsedMessage(envelope, named[index] as Draft)));
        return envelopes;
      },
    },
  };
}

function rehearsedMessage({ data, ...envelope }: Envelope, { type }: Draft): OutgoingMessage {
  const { topic, key } = envelope;
  return { topic, key, headers: formatHeaders(envelope), value: JSON.stringify(type.encode(data)) };
}

import type { Tx } from '@tom/postgres';
import type { Envelope } from './envelope.ts';
import type { MessageType } from './message-type.ts';
import type { Draft, Drafts } from './outbox.ts';

/** Appends to the outbox in the handler's transaction, caused by the message; the actor defaults to the service. */
export type Emit = <T extends readonly unknown[]>(...drafts: Drafts<T>) => void;

/** What a handler sees: one message whose inbox row this transaction claimed. Nothing else may be reached from here. */
export interface HandlerContext<T, F = undefined> {
  readonly tx: Tx;
  readonly now: Date;
  readonly envelope: Envelope<T>;
  readonly facts: F;
  readonly emit: Emit;
}

/** One message of a batch. */
export interface BatchItem<T, F = undefined> {
  readonly envelope: Envelope<T>;
  readonly facts: F;
  readonly emit: Emit;
}

/** Messages of one type, in order within each key; a key may occur more than once. */
export interface BatchContext<T, F = undefined> {
  readonly tx: Tx;
  readonly now: Date;
  readonly items: readonly BatchItem<T, F>[];
}

/**
 * How one type of message is handled: `handle` one by one, or `handleMany` in sets (with the same result). `gather`
 * asks other services first, outside any transaction; a transient error there is tried again later.
 */
export interface SubscriptionOptions<T, F> {
  readonly on: MessageType<T>;
  readonly gather?: (envelope: Envelope<T>) => Promise<F>;
  readonly handle?: (context: HandlerContext<T, F>) => Promise<void>;
  readonly handleMany?: (context: BatchContext<T, F>) => Promise<void>;
}

/** A subscription whose types are forgotten: `decode` guards what reaches it. */
export interface Subscription {
  readonly on: MessageType<unknown>;
  readonly gather: ((envelope: Envelope) => Promise<unknown>) | undefined;
  readonly run: (context: BatchContext<unknown, unknown>) => Promise<void>;
}

/** Binds handlers to a type of message. */
export function subscription<T, F = undefined>(options: SubscriptionOptions<T, F>): Subscription {
  const { on, handle, handleMany, gather } = options;
  if ((handle === undefined) === (handleMany === undefined)) {
    throw new Error(`${on.typeName}: give either handle or handleMany`);
  }
  const run = async (context: BatchContext<T, F>): Promise<void> => {
    if (handleMany) return handleMany(context);
    for (const item of context.items) await handle?.({ tx: context.tx, now: context.now, ...item });
  };
  return {
    on,
    // What arrives here was decoded by `on`, and its facts came from this very `gather`.
    gather: gather as Subscription['gather'],
    run: run as Subscription['run'],
  };
}

/** The drafts that a handler emits, in order. */
export function collectEmits(): { emit: Emit; drafts: Draft[] } {
  const drafts: Draft[] = [];
  return { drafts, emit: (...added) => void drafts.push(...(added as unknown as Draft[])) };
}

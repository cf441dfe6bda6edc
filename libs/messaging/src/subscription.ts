import type { Tx } from '@tom/postgres';
import type { IncomingMessage } from './broker.ts';
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
  /** The message as it arrived, for a handler that keeps it for later. */
  readonly message: IncomingMessage;
}

/** One message of a batch. */
export interface BatchItem<T, F = undefined> {
  readonly envelope: Envelope<T>;
  readonly facts: F;
  readonly emit: Emit;
  readonly message: IncomingMessage;
}

/** Messages of one type, in order within each key; a key may occur more than once. */
export interface BatchContext<T, F = undefined> {
  readonly tx: Tx;
  readonly now: Date;
  readonly items: readonly BatchItem<T, F>[];
}

/**
 * A message that other systems send: its headers are read as foreign.ts says, a value over 256 KiB is refused. Of all
 * consumers of the topic one names the types that the `others` handle; it refuses what nobody knows.
 */
export interface Foreign {
  readonly others?: readonly string[];
}

/**
 * How one type of message is handled: `handle` one by one, or `handleMany` in sets (with the same result). `gather`
 * asks other services first, outside any transaction; a transient error there is tried again later. `check` throws for
 * what the type alone cannot refuse (codes, the key); like what does not decode, that goes to the dead letters at once.
 */
export interface SubscriptionOptions<T, F> {
  readonly on: MessageType<T>;
  readonly foreign?: Foreign;
  readonly check?: (envelope: Envelope<T>) => void;
  readonly gather?: (envelope: Envelope<T>) => Promise<F>;
  readonly handle?: (context: HandlerContext<T, F>) => Promise<void>;
  readonly handleMany?: (context: BatchContext<T, F>) => Promise<void>;
}

/** A subscription whose types are forgotten: `decode` guards what reaches it. */
export interface Subscription {
  readonly on: MessageType<unknown>;
  readonly foreign: Foreign | undefined;
  readonly check: ((envelope: Envelope) => void) | undefined;
  readonly gather: ((envelope: Envelope) => Promise<unknown>) | undefined;
  readonly run: (context: BatchContext<unknown, unknown>) => Promise<void>;
}

/** Binds handlers to a type of message. */
export function subscription<T, F = undefined>(options: SubscriptionOptions<T, F>): Subscription {
  const { on, foreign, check, handle, handleMany, gather } = options;
  if ((handle === undefined) === (handleMany === undefined)) {
    throw new Error(`${on.typeName}: give either handle or handleMany`);
  }
  const run = async (context: BatchContext<T, F>): Promise<void> => {
    if (handleMany) return handleMany(context);
    for (const item of context.items) await handle?.({ tx: context.tx, now: context.now, ...item });
  };
  return {
    on,
    foreign,
    // What arrives here was decoded by `on`, and its facts came from this very `gather`.
    check: check as Subscription['check'],
    gather: gather as Subscription['gather'],
    run: run as Subscription['run'],
  };
}

/** The drafts that a handler emits, in order. */
export function collectEmits(): { emit: Emit; drafts: Draft[] } {
  const drafts: Draft[] = [];
  return { drafts, emit: (...added) => void drafts.push(...(added as unknown as Draft[])) };
}

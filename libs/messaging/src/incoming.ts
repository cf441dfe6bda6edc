import type { IncomingMessage } from './broker.ts';
import type { DeadLetterReason } from './dead-letters.ts';
import { parseHeaders, parseValue, UndecodableError, type Envelope } from './envelope.ts';
import { foreignHeaders, oversized } from './foreign.ts';
import type { Subscription } from './subscription.ts';

/** A message that was understood and has a handler. */
export interface Work {
  readonly kind: 'work';
  readonly message: IncomingMessage;
  readonly envelope: Envelope;
  readonly subscription: Subscription;
}

/** A message that must not be handled as it is. */
export interface Reject {
  readonly kind: 'reject';
  readonly message: IncomingMessage;
  readonly envelope: Omit<Envelope, 'data'> | undefined;
  readonly reason: DeadLetterReason;
  readonly error: string;
}

export type Incoming = Work | Reject;

const MAX_KEY = 512;

/** What a consumer subscribed to, by type, and the topics on which it refuses what nobody knows. */
export interface Routes {
  readonly byType: ReadonlyMap<string, Subscription>;
  /** The types that others handle, by the topics of other systems on which any further one is refused. */
  readonly guarded: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Throws when a type is subscribed to twice. */
export function routesOf(subscriptions: readonly Subscription[]): Routes {
  const byType = new Map<string, Subscription>();
  const guarded = new Map<string, ReadonlySet<string>>();
  for (const entry of subscriptions) {
    if (byType.has(entry.on.typeName)) throw new Error(`${entry.on.typeName} is subscribed to twice`);
    byType.set(entry.on.typeName, entry);
    if (entry.foreign?.others) guarded.set(entry.on.topic, new Set(entry.foreign.others));
  }
  return { byType, guarded };
}

/** Between which times a message must lie: what the inbox remembers, and how far the clock of another system may err. */
export interface Limits {
  readonly oldest: Date;
  readonly newest: Date;
}

/** Understands one message; undefined for a type that nobody here subscribed to. Without limits no time is wrong. */
export function understand(arrived: IncomingMessage, routes: Routes, limits: Limits | undefined): Incoming | undefined {
  const type = arrived.headers['ce_type'];
  const subscription = type === undefined ? undefined : routes.byType.get(type);
  const others = routes.guarded.get(arrived.topic);
  const isOurs = subscription?.on.topic === arrived.topic;
  // A message without a type is refused, not skipped: nobody can say that it was meant for others.
  if (type !== undefined && !isOurs && (others === undefined || others.has(type))) return undefined;
  const size = isOurs && subscription.foreign ? oversized(arrived.value) : undefined;
  const message = size ? { ...arrived, value: size.kept } : arrived;
  let envelope: Omit<Envelope, 'data'> | undefined;
  try {
    if (message.key.length === 0 || message.key.length > MAX_KEY || message.key.includes('\u0000')) {
      throw new UndecodableError(`key: expected 1 to ${MAX_KEY} characters`);
    }
    const foreign = isOurs ? subscription.foreign : others;
    envelope = parseHeaders(foreign ? { ...message, headers: foreignHeaders(message) } : message);
    if (size) throw new UndecodableError(size.error);
    if (!isOurs) throw new UndecodableError(`header ce_type: ${type?.slice(0, 100) ?? 'nothing'} is not known on this topic`);
    const data = subscription.on.decode(parseValue(message.value));
    subscription.check?.({ ...envelope, data });
    if (foreign && limits !== undefined && new Date(envelope.time) > limits.newest) {
      throw new UndecodableError('header ce_time: expected an instant that does not lie in the future');
    }
    if (limits !== undefined && new Date(envelope.time) < limits.oldest) {
      const error = `its time ${envelope.time} is beyond what the inbox remembers; a duplicate could not be told`;
      return { kind: 'reject', message, envelope, reason: 'too_old', error };
    }
    return { kind: 'work', message, subscription, envelope: { ...envelope, data } };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { kind: 'reject', message, envelope, reason: 'undecodable', error: text };
  }
}

/**
 * Groups work into runs of one subscription for set-based handlers: order within each key is kept, keys may overtake
 * each other. Each round takes the type that stands at the front of the most keys.
 */
export function planRuns<W extends Pick<Work, 'subscription' | 'envelope'>>(
  works: readonly W[],
): { subscription: Subscription; items: W[] }[] {
  const queues = new Map<string, W[]>();
  for (const work of works) {
    const queue = queues.get(work.envelope.key);
    if (queue) queue.push(work);
    else queues.set(work.envelope.key, [work]);
  }
  const heads = new Map<string, number>([...queues.keys()].map((key) => [key, 0]));
  const runs: { subscription: Subscription; items: W[] }[] = [];
  while (heads.size > 0) {
    const subscription = mostFrequent([...heads].map(([key, at]) => (queues.get(key) as W[])[at] as W));
    const items: W[] = [];
    for (const [key, start] of heads) {
      const queue = queues.get(key) as W[];
      let at = start;
      while (at < queue.length && queue[at]?.subscription === subscription) items.push(queue[at++] as W);
      if (at === queue.length) heads.delete(key);
      else heads.set(key, at);
    }
    runs.push({ subscription, items });
  }
  return runs;
}

function mostFrequent(works: readonly Pick<Work, 'subscription'>[]): Subscription {
  const counts = new Map<Subscription, number>();
  for (const { subscription } of works) counts.set(subscription, (counts.get(subscription) ?? 0) + 1);
  let best: [Subscription, number] | undefined;
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry;
  if (!best) throw new Error('there is no work to choose from');
  return best[0];
}

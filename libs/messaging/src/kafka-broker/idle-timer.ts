import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

/** The part of kafkajs's queue of requests that is replaced. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

type RequestQueueClass = { readonly prototype: RequestQueue };

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as RequestQueueClass;
const original = RequestQueue.prototype.scheduleCheckPendingRequests;

/** Of the method as kafkajs 2.2.4 has it; another version has to be read again before it is patched. */
export const KNOWN_METHOD = '04347ea969c6';

/** The hash of the method that is replaced. */
export function methodHash(): string {
  return createHash('sha256').update(original.toString()).digest('hex').slice(0, 12);
}

/**
 * After its first answer every connection of kafkajs 2.2.4 arms a timer of 1 ms again and again for ever, with nothing
 * to send (3.2 % of a core for one client). With this it arms one only while something waits. Does nothing to a kafkajs
 * that it does not know.
 */
export function stopIdleTimer(): void {
  if (methodHash() !== KNOWN_METHOD) return;
  RequestQueue.prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue): void {
    if (this.pending.length > 0) original.call(this);
  };
}

import type { Consumer, Relay } from '@tom/messaging';
import { isTransient } from '@tom/postgres';
import { untilDone, type LifecyclePart, type Logger } from '@tom/runtime';
import type { EventLog } from './event-log.ts';

/**
 * Lets messages leave and arrive as soon as the event log is there. It is waited for in the background: without it
 * nothing leaves and nothing arrives, but the service answers and writes. Whoever watches over relay and consumer, or
 * runs several, does it here.
 */
export function messagesPart(options: {
  readonly eventLog: EventLog;
  readonly relay: Relay;
  readonly consumer: Consumer;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): LifecyclePart {
  const { eventLog, relay, consumer, logger } = options;
  const leaving = new AbortController();
  const signal = AbortSignal.any([options.signal, leaving.signal]);
  let joining: Promise<void> = Promise.resolve();

  async function join(): Promise<void> {
    try {
      await untilDone('event log', () => eventLog.prepare(), { isTransient, logger, signal });
      relay.start();
      await consumer.start();
    } catch (error) {
      if (!signal.aborted) logger.error({ err: error }, 'the event log cannot be used');
    }
  }

  return {
    start() {
      joining = join();
    },
    async stop() {
      leaving.abort();
      await joining;
      await consumer.stop();
      await relay.stop();
    },
  };
}

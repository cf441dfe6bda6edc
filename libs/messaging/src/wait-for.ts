import type { Broker, IncomingMessage, Reader } from './broker.ts';
import { parseHeaders, parseValue, type Envelope } from './envelope.ts';

/** Which messages are waited for. */
export interface WatchOptions {
  readonly topics: readonly string[];
  readonly correlationId: string;
}

/** Sees every message with its correlation id that is published after `waitFor` resolved. */
export interface Watch {
  /** Resolves true once `done` is true of what was seen so far, false after the time; asked at each new message. */
  until(done: (seen: readonly Envelope[]) => boolean, timeoutMs: number): Promise<boolean>;
  close(): void;
}

interface Hub {
  readonly watches: Map<string, Set<(message: IncomingMessage) => void>>;
  readonly stop: AbortController;
  readonly opened: Promise<Reader>;
}

const WAIT_MS = 1_000;
const hubs = new WeakMap<Broker, Map<string, Hub>>();

/** All watches of a process share one reader per set of topics; nobody waiting, there is none. */
function hubOf(broker: Broker, topics: readonly string[]): Hub {
  const name = [...topics].sort().join(' ');
  const ofBroker = hubs.get(broker) ?? new Map<string, Hub>();
  hubs.set(broker, ofBroker);
  const existing = ofBroker.get(name);
  if (existing) return existing;
  const hub: Hub = {
    watches: new Map(),
    stop: new AbortController(),
    opened: broker.reader({ topics, from: 'end' }),
  };
  ofBroker.set(name, hub);
  const forget = (): void => {
    if (ofBroker.get(name) === hub) ofBroker.delete(name);
  };
  hub.stop.signal.addEventListener('abort', forget);
  void read(hub).finally(forget);
  return hub;
}

async function read(hub: Hub): Promise<void> {
  let reader: Reader;
  try {
    reader = await hub.opened;
  } catch {
    return; // whoever asked for the watch gets this error from `opened`
  }
  try {
    while (!hub.stop.signal.aborted) {
      try {
        for (const message of await reader.next({ waitMs: WAIT_MS, signal: hub.stop.signal })) {
          const correlationId = message.headers['ce_correlationid'];
          if (correlationId === undefined) continue;
          for (const deliver of hub.watches.get(correlationId) ?? []) deliver(message);
        }
      } catch {
        // The log is away: the position stands, and those who wait have their own time limit.
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  } finally {
    await reader.close();
  }
}

/** The envelope of a message, its data parsed only when somebody looks at it; undefined for one that is malformed. */
function lazyEnvelope(message: IncomingMessage): Envelope | undefined {
  try {
    const headers = parseHeaders(message);
    let parsed: { readonly data: unknown } | undefined;
    return Object.defineProperty(headers as Envelope, 'data', {
      enumerable: true,
      get: () => (parsed ??= { data: parseValue(message.value) }).data,
    });
  } catch {
    return undefined;
  }
}

/**
 * Begins to watch, positioned at the end of the topics before it resolves: send the request after that, and no
 * consequence of it is missed. Throws when the log is away. Close every watch.
 */
export async function waitFor(broker: Broker, options: WatchOptions): Promise<Watch> {
  const hub = hubOf(broker, options.topics);
  const seen: Envelope[] = [];
  let check: (() => void) | undefined;
  const deliver = (message: IncomingMessage): void => {
    const envelope = lazyEnvelope(message);
    if (!envelope) return;
    seen.push(envelope);
    check?.();
  };
  const ofCorrelation = hub.watches.get(options.correlationId) ?? new Set();
  hub.watches.set(options.correlationId, ofCorrelation);
  ofCorrelation.add(deliver);

  const close = (): void => {
    ofCorrelation.delete(deliver);
    if (ofCorrelation.size === 0 && hub.watches.get(options.correlationId) === ofCorrelation) {
      hub.watches.delete(options.correlationId);
    }
    if (hub.watches.size === 0) hub.stop.abort();
  };

  try {
    await hub.opened;
  } catch (error) {
    close();
    throw error;
  }
  return {
    until: (done, timeoutMs) =>
      new Promise<boolean>((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(timer);
          check = undefined;
          settle();
        };
        const timer = setTimeout(() => finish(() => resolve(false)), timeoutMs);
        check = () => {
          try {
            if (done(seen)) finish(() => resolve(true));
          } catch (error) {
            finish(() => reject(error as Error));
          }
        };
        check();
      }),
    close,
  };
}

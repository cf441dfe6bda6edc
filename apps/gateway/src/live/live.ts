import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { DomainError, type Clock } from '@tom/kernel';
import type { Broker } from '@tom/messaging';
import type { Logger } from '@tom/runtime';
import { bringUp, isReached } from './bring-up.ts';
import { startFeed, type Entry, type Feed, type Window } from './feed.ts';
import { matches, type Filter } from './live-event.ts';
import { decodeId, type Point } from './position-id.ts';
import { createStream, type Stream } from './stream.ts';
import { createTurns } from './turns.ts';

/** What a client asks for; the stream ends at `expiresAt`. */
export interface StreamRequest {
  readonly filter: Filter;
  readonly lastEventId?: string | undefined;
  readonly expiresAt: Date;
}

/** The open streams of this process. */
export interface Live {
  /** Answers with events until either side ends it. Throws UNAVAILABLE when there are too many, or it is stopping. */
  open(response: ServerResponse, request: StreamRequest): void;
  readonly figures: { readonly streams: number; readonly events: number; readonly cut: number };
  /** Ends all streams at once, telling the clients to come back. */
  stop(): Promise<void>;
}

/** Bounds; each has its setting. */
export interface LiveOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly heartbeatSeconds: number;
  readonly maxStreams: number;
  readonly streamBytes: number;
  readonly recentBytes: number;
  readonly resumeEvents: number;
}

const RETRY_MS = 1_000;
// A thousand clients that were sent away together do not come back in the same moment.
const SPREAD_MS = 2_000;
const OPENS_WITHIN_MS = 2_000;
const IDLE_MS = 60_000;
const GOODBYE_MS = 500;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const READERS = 4;

/** No reader and no timer until the first stream. */
export function createLive(options: LiveOptions): Live {
  const { broker, clock, logger } = options;
  const streams = new Set<Stream>();
  // Those that are where the feed is, by what they want: what one of a group is sent, all of it are.
  const level = new Map<string, Set<Stream>>();
  const turns = createTurns(READERS);
  const figures = { streams: 0, events: 0, cut: 0 };
  let feed: Feed | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  let stopping = false;
  let farewells = 0;

  function running(): Feed {
    clearTimeout(idle);
    heartbeat ??= setInterval(beat, options.heartbeatSeconds * 1_000);
    const onEnd = (): void => {
      feed = undefined;
      for (const stream of streams) stream.end(retryMs());
    };
    return (feed ??= startFeed({ broker, logger, recentBytes: options.recentBytes, onEntries: deliver, onEnd }));
  }

  function deliver(entries: readonly Entry[]): void {
    const events = entries.flatMap(({ shown }) => shown ?? []);
    figures.events += events.length;
    for (const group of level.values()) {
      const [first] = group;
      const frames = events.flatMap(({ event, frame }) => (first && matches(first.filter, event) ? frame : []));
      if (frames.length === 0) continue;
      const bytes = frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames);
      for (const stream of group) stream.write(bytes);
    }
  }

  // With the id of now: a stream whose filter lets little through has a recent one to resume by all the same.
  function beat(): void {
    const window = feed?.window();
    const bytes = Buffer.from(window ? `: heartbeat\nid: ${window.id()}\n\n` : ': heartbeat\n\n');
    const atFeed = new Set<Stream>();
    for (const group of level.values()) {
      for (const stream of group) {
        atFeed.add(stream);
        stream.write(bytes);
      }
    }
    for (const stream of streams) if (!atFeed.has(stream) && stream.begun()) stream.write(': heartbeat\n\n');
  }

  function attach(stream: Stream): void {
    if (stream.closed.aborted) return;
    const name = JSON.stringify([stream.filter.orgId, stream.filter.queue, stream.filter.topics]);
    const group = level.get(name) ?? new Set<Stream>();
    level.set(name, group.add(stream));
    void stream.ended.then(() => {
      group.delete(stream);
      if (group.size === 0 && level.get(name) === group) level.delete(name);
    });
  }

  function startNow(stream: Stream, window: Window, event = ''): void {
    stream.write(`: now\nretry: ${RETRY_MS}\nid: ${window.id()}\n${event}\n`);
    attach(stream);
  }

  function reset(stream: Stream): void {
    const window = feed?.window();
    if (window) startNow(stream, window, 'event: reset\ndata: {}\n');
  }

  async function admit(stream: Stream, { lastEventId }: StreamRequest, openedAt: number): Promise<void> {
    const current = running();
    // While the log is away, the client is told all the same that its stream stands.
    const soon = AbortSignal.any([stream.closed, AbortSignal.timeout(OPENS_WITHIN_MS)]);
    if (!current.window()) await current.changed(soon);
    if (stream.closed.aborted) return;
    stream.begin();
    if (!current.window()) await current.changed(stream.closed);
    const window = current.window();
    if (!window) return;
    if (!lastEventId) return await follow(stream, current, { offsets: since(window, openedAt), mark: undefined });
    const point = decodeId(window.layout, lastEventId);
    if (!point || !(await reached(stream, point, window))) return reset(stream);
    await follow(stream, current, point);
  }

  async function reached(stream: Stream, point: Point, window: Window): Promise<boolean> {
    while (!stream.closed.aborted) {
      try {
        return await isReached(point.offsets, window, broker);
      } catch {
        await sleep(RETRY_MS, undefined, { signal: stream.closed }).catch(() => undefined);
      }
    }
    return true;
  }

  async function follow(stream: Stream, current: Feed, from: Point): Promise<void> {
    const { resumeEvents } = options;
    const onLevel = (window: Window): void => startNow(stream, window);
    if ((await bringUp(stream, from, { broker, feed: current, turns, resumeEvents, onLevel })) === 'reset') reset(stream);
  }

  function endAt(stream: Stream, expiresAt: Date): void {
    const left = expiresAt.getTime() - clock.now().getTime();
    const timer = setTimeout(() => {
      if (left > LONGEST_TIMER_MS) endAt(stream, expiresAt);
      else stream.end(RETRY_MS);
    }, Math.min(Math.max(left, 0), LONGEST_TIMER_MS));
    void stream.ended.then(() => clearTimeout(timer));
  }

  function leave(stream: Stream): void {
    streams.delete(stream);
    figures.streams = streams.size;
    if (streams.size > 0 || stopping) return;
    idle = setTimeout(() => {
      clearInterval(heartbeat);
      heartbeat = undefined;
      void feed?.stop();
      feed = undefined;
    }, IDLE_MS).unref();
  }

  function retryMs(): number {
    farewells += 1;
    return RETRY_MS + ((farewells * 50) % SPREAD_MS);
  }

  return {
    figures,
    open(response, request) {
      if (stopping || streams.size >= options.maxStreams) throw new DomainError('UNAVAILABLE', 'No more streams can be opened now.');
      const stream = createStream(response, {
        filter: request.filter,
        maxBytes: options.streamBytes,
        onSlow: () => {
          figures.cut += 1;
        },
      });
      streams.add(stream);
      figures.streams = streams.size;
      void stream.ended.then(() => leave(stream));
      endAt(stream, request.expiresAt);
      const window = running().window();
      if (window && !request.lastEventId) {
        stream.begin();
        startNow(stream, window);
        return;
      }
      admit(stream, request, clock.now().getTime()).catch((error: unknown) => {
        logger.error({ err: error }, 'stream failed');
        stream.destroy();
      });
    },
    stop: async () => {
      stopping = true;
      clearInterval(heartbeat);
      clearTimeout(idle);
      for (const stream of streams) stream.end(retryMs());
      await Promise.race([Promise.all([...streams].map(({ ended }) => ended)), sleep(GOODBYE_MS)]);
      for (const stream of streams) stream.destroy();
      await feed?.stop();
    },
  };
}

/** Where a stream begins that was opened before the log was reached: what was appended since belongs to it. */
function since({ start, entries }: Window, openedAt: number): number[] {
  const offsets = [...start];
  for (const { place, offset, appendedAt } of entries) {
    if (appendedAt < openedAt) offsets[place] = Math.max(offsets[place] ?? 0, offset + 1);
  }
  return offsets;
}

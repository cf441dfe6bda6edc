import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker, IncomingMessage, Reader } from '@tom/messaging';
import type { Logger } from '@tom/runtime';
import { liveEventOf, liveTopics, type LiveEvent } from './live-event.ts';
import { encodeId, layoutOf, printOf, type Layout, type Mark } from './position-id.ts';

/** A message as the feed keeps it; without `shown` there is nothing in it for clients. */
export interface Entry {
  readonly place: number;
  readonly offset: number;
  readonly print: number;
  readonly appendedAt: number;
  readonly shown?: Shown;
}

/** An event made ready for all streams: serialised once, the same bytes for everybody. */
export interface Shown {
  readonly event: Omit<LiveEvent, 'text'>;
  readonly frame: Buffer;
  /** The frame without the line of the id, for a stream that is at another point. */
  readonly tail: Buffer;
}

/** What the feed knows of the log: everything from `start` to `end`, in the order in which it was read. */
export interface Window {
  readonly layout: Layout;
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly entries: readonly Entry[];
  /** The print of the message before this offset; undefined when it was not read or is forgotten. */
  printBefore(place: number, offset: number): number | undefined;
  /** The id of its end. */
  id(): string;
}

/** One reader for all streams of this process. */
export interface Feed {
  /** Undefined until the log was reached. */
  window(): Window | undefined;
  /** Resolves when something was read since the call, the feed ended, or the signal fired. */
  changed(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** `recentBytes` bounds what is kept; `onEntries` is told what was read, `onEnd` that it cannot go on. */
export interface FeedOptions {
  readonly broker: Broker;
  readonly logger: Logger;
  readonly recentBytes: number;
  onEntries(entries: readonly Entry[]): void;
  onEnd(): void;
}

// Read at the start, so that clients who come back after a restart of the gateway find what they missed in memory.
const BEFORE_END = 64;
const MAX_ENTRIES = 20_000;
const ENTRY_BYTES = 700;
const RETRY_MS = [100, 250, 500, 1_000, 2_000];

/** Starts at once and goes on by itself when the log is back. */
export function startFeed({ broker, logger, recentBytes, onEntries, onEnd }: FeedOptions): Feed {
  const stopping = new AbortController();
  let known: ReturnType<typeof createWindow> | undefined;
  const bells = new Set<() => void>();
  let failures = 0;

  function ring(): void {
    for (const bell of [...bells]) bell();
  }

  async function failed(error: unknown): Promise<void> {
    if (failures === 0) logger.warn({ error: String(error) }, 'live events wait for the log');
    const delay = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
    failures += 1;
    await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  function worked(): void {
    if (failures > 0) logger.info({ failures }, 'live events go on');
    failures = 0;
  }

  async function open(): Promise<Reader | undefined> {
    while (!stopping.signal.aborted) {
      let reader: Reader | undefined;
      try {
        const position = await endOf(broker);
        const layout = layoutOf(position);
        const end = layout.offsetsOf(position);
        const start = end.map((offset) => Math.max(0, offset - BEFORE_END));
        reader = await broker.reader({ topics: liveTopics, from: layout.positionOf(start) });
        const window = createWindow(layout, start, recentBytes);
        while (window.end.some((offset, place) => offset < (end[place] ?? 0))) {
          const messages = await reader.next({ max: 500, waitMs: 500, signal: stopping.signal });
          window.take(messages);
          // What is not there any more will not come.
          if (messages.length === 0) window.skipTo(end);
        }
        worked();
        known = window;
        return reader;
      } catch (error) {
        await reader?.close().catch(() => undefined);
        await failed(error);
      }
    }
    return undefined;
  }

  async function run(): Promise<void> {
    const reader = await open();
    ring();
    while (reader && known && !stopping.signal.aborted) {
      try {
        const messages = await reader.next({ max: 500, waitMs: 5_000, signal: stopping.signal });
        worked();
        if (messages.length === 0) continue;
        const entries = known.take(messages);
        if (entries === 'other layout') break;
        onEntries(entries);
        ring();
      } catch (error) {
        await failed(error);
      }
    }
    await reader?.close().catch(() => undefined);
  }

  const ran = run().finally(() => {
    ring();
    if (!stopping.signal.aborted) onEnd();
  });
  return {
    window: () => known,
    changed: (signal) =>
      new Promise((resolve) => {
        const bell = (): void => {
          bells.delete(bell);
          signal.removeEventListener('abort', bell);
          resolve();
        };
        bells.add(bell);
        signal.addEventListener('abort', bell);
        if (signal.aborted) bell();
      }),
    stop: async () => {
      stopping.abort();
      await ran;
    },
  };
}

/** Where the log ends now. */
export async function endOf(broker: Broker) {
  const reader = await broker.reader({ topics: liveTopics, from: 'end' });
  try {
    return reader.position();
  } finally {
    await reader.close();
  }
}

function createWindow(layout: Layout, from: readonly number[], recentBytes: number) {
  const start = [...from];
  const end = [...from];
  const printsBefore: (number | undefined)[] = [];
  const entries: Entry[] = [];
  const ids = new Set<string>();
  let bytes = 0;
  let mark: Mark | undefined;

  function entryOf(message: IncomingMessage, place: number, offset: number): Entry {
    const print = printOf(message);
    mark = { place, print };
    end[place] = offset + 1;
    const plain = { place, offset, print, appendedAt: message.appendedAt.getTime() };
    const read = liveEventOf(message);
    // A relay that died between publishing and forgetting publishes again: the same message, seen already.
    if (!read || ids.has(read.id)) return plain;
    const { text, ...event } = read;
    ids.add(event.id);
    const head = `id: ${encodeId(layout, { offsets: end, mark })}\n`;
    const frame = Buffer.from(head + text);
    return { ...plain, shown: { event, frame, tail: frame.subarray(head.length) } };
  }

  function forgetOldest(): void {
    let gone = 0;
    while (bytes > recentBytes || entries.length - gone > MAX_ENTRIES) {
      const oldest = entries[gone];
      if (!oldest) break;
      gone += 1;
      bytes -= sizeOf(oldest);
      if (oldest.shown) ids.delete(oldest.shown.event.id);
      if (oldest.offset < (start[oldest.place] ?? 0)) continue;
      start[oldest.place] = oldest.offset + 1;
      printsBefore[oldest.place] = oldest.print;
    }
    entries.splice(0, gone);
  }

  return {
    layout,
    start,
    end,
    entries,
    id: () => encodeId(layout, { offsets: end, mark }),
    printBefore: (place: number, offset: number): number | undefined =>
      start[place] === offset
        ? printsBefore[place]
        : entries.find((entry) => entry.place === place && entry.offset === offset - 1)?.print,
    take(messages: readonly IncomingMessage[]): readonly Entry[] | 'other layout' {
      const taken: Entry[] = [];
      for (const message of messages) {
        const place = layout.placeOf(message.topic, message.partition);
        // A topic got more partitions: ids of before say nothing about them, so all begins anew.
        if (place === undefined) return 'other layout';
        const offset = Number(message.offset);
        const expected = end[place] ?? 0;
        if (offset < expected) continue;
        // Nothing of this partition was read yet, and its beginning is gone from the log.
        if (offset > expected && start[place] === expected) start[place] = offset;
        const entry = entryOf(message, place, offset);
        bytes += sizeOf(entry);
        taken.push(entry);
      }
      entries.push(...taken);
      forgetOldest();
      return taken;
    },
    skipTo(offsets: readonly number[]): void {
      offsets.forEach((offset, place) => {
        if (offset <= (end[place] ?? 0)) return;
        end[place] = offset;
        start[place] = offset;
        printsBefore[place] = undefined;
        if (mark?.place === place) mark = undefined;
      });
    },
  };
}

function sizeOf(entry: Entry): number {
  return ENTRY_BYTES + (entry.shown?.frame.length ?? 0);
}

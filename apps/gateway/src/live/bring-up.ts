import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker, IncomingMessage, Position, Reader } from '@tom/messaging';
import { endOf, type Feed, type Window } from './feed.ts';
import { liveEventOf, liveTopics, matches } from './live-event.ts';
import { encodeId, printOf, type Mark, type Point } from './position-id.ts';
import type { Stream } from './stream.ts';
import type { Turns } from './turns.ts';

/** `done`: it was brought up. `reset`: what it missed cannot be given. `over`: nobody is there any more. */
export type Outcome = 'done' | 'reset' | 'over';

/**
 * `turns` bounds the readers open at once; `resumeEvents` is how many events are still worth reading again; `onLevel` is
 * called in the very turn in which the stream is where the feed is: attached later, it would miss what is read meanwhile.
 */
export interface BringUp {
  readonly broker: Broker;
  readonly feed: Feed;
  readonly turns: Turns;
  readonly resumeEvents: number;
  onLevel(window: Window): void;
}

const DRAIN_MS = 30_000;
const READ_MS = 1_000;
const RETRY_MS = 500;

/**
 * Brings a stream from a point of its own to where the feed is: from the log while the feed's memory does not reach so
 * far back, then from that memory. It is told each event once, with ids of its own point until both are the same.
 */
export async function bringUp(stream: Stream, from: Point, parts: BringUp): Promise<Outcome> {
  const progress: Progress = { offsets: [...from.offsets], seen: new Set() };
  const { offsets, seen } = progress;
  const { mark } = from;
  if (mark && !(await isProven(stream, mark, offsets[mark.place] ?? 0, parts))) return 'reset';
  while (!stream.closed.aborted) {
    const window = parts.feed.window();
    if (!window) return 'over';
    if (!reaches(offsets, window.start)) {
      if (distance(offsets, window.end) > parts.resumeEvents) return 'reset';
      const outcome = await parts.turns.take(stream.closed, () => readOn(stream, progress, parts));
      if (outcome !== 'read') return outcome;
      continue;
    }
    if (!replay(stream, offsets, seen, window)) {
      if (!(await stream.room(DRAIN_MS))) stream.destroy();
      continue;
    }
    if (reaches(window.end, offsets)) {
      parts.onLevel(window);
      return 'done';
    }
    // It was told more than this process has read yet, by another one.
    await parts.feed.changed(stream.closed);
  }
  return 'over';
}

/** Whether a point is one that the log has reached; a feed may be a moment behind another gateway's. */
export async function isReached(offsets: readonly number[], window: Window, broker: Broker): Promise<boolean> {
  return reaches(window.end, offsets) || reaches(window.layout.offsetsOf(await endOf(broker)), offsets);
}

interface Progress {
  readonly offsets: number[];
  readonly seen: Set<string>;
}

/** Whether the message before this offset is the one that the mark names, by memory or else by the log. */
async function isProven(stream: Stream, mark: Mark, offset: number, parts: BringUp): Promise<boolean> {
  const window = parts.feed.window();
  const print = window?.printBefore(mark.place, offset);
  if (!window || print !== undefined) return print === mark.print;
  const from = () => window.layout.positionOf(window.end.map((end, place) => (place === mark.place ? Math.max(0, offset - 1) : end)));
  const found = await parts.turns.take(stream.closed, () =>
    read(stream, parts.broker, from, (messages) => {
      const message = messages.find(({ topic, partition }) => window.layout.placeOf(topic, partition) === mark.place);
      return message && { message };
    }),
  );
  return typeof found === 'object' && Number(found.message.offset) === offset - 1 && printOf(found.message) === mark.print;
}

/** Reads from the log until the feed's memory takes over. */
async function readOn(stream: Stream, progress: Progress, parts: BringUp): Promise<Outcome | 'read'> {
  const first = parts.feed.window();
  if (!first) return 'over';
  const outcome = await read(stream, parts.broker, () => first.layout.positionOf(progress.offsets), async (messages) => {
    const window = parts.feed.window();
    if (!window) return 'over';
    const told = tell(stream, progress, messages, window);
    if (told === undefined) return 'reset';
    if (told.length > 0) stream.write(told);
    if (!(await stream.room(DRAIN_MS))) stream.destroy();
    return reaches(progress.offsets, window.start) ? 'read' : undefined;
  });
  return outcome === 'gone' ? 'reset' : outcome;
}

/**
 * Reads from a position of its own until `look` answers something. `gone`: the log has nothing there any more although
 * it goes further. While it is away, this waits.
 */
async function read<T>(
  stream: Stream,
  broker: Broker,
  from: () => Position,
  look: (messages: readonly IncomingMessage[]) => T | undefined | Promise<T | undefined>,
): Promise<T | 'gone' | 'over'> {
  let reader: Reader | undefined;
  try {
    for (let silent = 0; silent < 2 && !stream.closed.aborted; ) {
      let messages: readonly IncomingMessage[];
      try {
        reader ??= await broker.reader({ topics: liveTopics, from: from() });
        messages = await reader.next({ max: 500, waitMs: READ_MS, signal: stream.closed });
      } catch {
        await reader?.close().catch(() => undefined);
        reader = undefined;
        await sleep(RETRY_MS, undefined, { signal: stream.closed }).catch(() => undefined);
        continue;
      }
      silent = messages.length === 0 ? silent + 1 : 0;
      const found = await look(messages);
      if (found !== undefined) return found;
    }
    return stream.closed.aborted ? 'over' : 'gone';
  } finally {
    await reader?.close().catch(() => undefined);
  }
}

/** What to send of these messages; undefined when the log does not go on where the id left off. */
function tell(stream: Stream, { offsets, seen }: Progress, messages: readonly IncomingMessage[], { layout }: Window): string | undefined {
  let text = '';
  for (const message of messages) {
    const place = layout.placeOf(message.topic, message.partition);
    if (place === undefined) continue;
    const offset = Number(message.offset);
    const next = offsets[place] ?? 0;
    if (offset < next) continue;
    // Offsets are dense: those in between were removed.
    if (offset > next) return undefined;
    offsets[place] = offset + 1;
    const event = liveEventOf(message);
    if (!event || seen.has(event.id)) continue;
    seen.add(event.id);
    if (!matches(stream.filter, event)) continue;
    text += `id: ${encodeId(layout, { offsets, mark: { place, print: printOf(message) } })}\n${event.text}`;
  }
  return text;
}

/** Tells a stream what it lacks of the feed's memory; false when its buffer filled up before the end. */
function replay(stream: Stream, offsets: number[], seen: ReadonlySet<string>, window: Window): boolean {
  const cover = [...window.start];
  let behind = cover.filter((offset, place) => offset < (offsets[place] ?? 0)).length;
  for (const { place, offset, print, shown } of window.entries) {
    const told = offsets[place] ?? 0;
    const covered = cover[place] ?? 0;
    if (offset < covered) continue;
    cover[place] = offset + 1;
    if (covered < told && offset + 1 >= told) behind -= 1;
    if (offset < told) continue;
    offsets[place] = offset + 1;
    if (!shown || seen.has(shown.event.id) || !matches(stream.filter, shown.event)) continue;
    // Once all that it was told before is passed, its point is the feed's, and so is the id.
    if (behind > 0) stream.write(`id: ${encodeId(window.layout, { offsets, mark: { place, print } })}\n`);
    if (!stream.write(behind > 0 ? shown.tail : shown.frame) || !stream.hasRoom()) return false;
  }
  return true;
}

function reaches(offsets: readonly number[], others: readonly number[]): boolean {
  return offsets.every((offset, place) => offset >= (others[place] ?? 0));
}

function distance(from: readonly number[], to: readonly number[]): number {
  return from.reduce((sum, offset, place) => sum + Math.max(0, (to[place] ?? 0) - offset), 0);
}

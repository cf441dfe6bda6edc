import { createHash } from 'node:crypto';
import type { Position } from '@tom/messaging';

/** The partitions of all topics in a fixed order; a partition's number in it is its `place`. */
export interface Layout {
  readonly size: number;
  /** Undefined for a partition that is not part of it. */
  placeOf(topic: string, partition: number): number | undefined;
  positionOf(offsets: readonly number[]): Position;
  offsetsOf(position: Position): number[];
  /** Differs between layouts, so that an id of one is none of another. */
  readonly name: string;
}

/** A message that was read right before a point: its place, and what it is recognised by. */
export interface Mark {
  readonly place: number;
  readonly print: number;
}

/**
 * A point in the log: the next offset of every place. The mark is the message at `offsets[mark.place] - 1`; by it a point
 * in a log that was made anew, or in another broker's, is found out.
 */
export interface Point {
  readonly offsets: readonly number[];
  readonly mark: Mark | undefined;
}

const FORM = 1;
const SEAL_BYTES = 4;
// Node takes 16 KiB of headers.
const LONGEST = 8_192;
const scratch = Buffer.alloc(16_384);

/** The layout that a reader's position shows. */
export function layoutOf(position: Position): Layout {
  const partitions = Object.keys(position)
    .sort()
    .flatMap((topic) =>
      Object.keys(position[topic] ?? {})
        .map(Number)
        .sort((a, b) => a - b)
        .map((partition) => ({ topic, partition })),
    );
  const places = new Map(partitions.map(({ topic, partition }, place) => [`${topic}/${partition}`, place]));
  return {
    size: partitions.length,
    name: [...places.keys()].join(' '),
    placeOf: (topic, partition) => places.get(`${topic}/${partition}`),
    positionOf: (offsets) => {
      const into: Record<string, Record<string, string>> = {};
      partitions.forEach(({ topic, partition }, place) => {
        (into[topic] ??= {})[partition] = String(offsets[place] ?? 0);
      });
      return into;
    },
    offsetsOf: (from) => partitions.map(({ topic, partition }) => Number(from[topic]?.[partition] ?? 0)),
  };
}

/** What a message is recognised by: 32 bits of its id, or of all of it when it has none. */
export function printOf(message: { readonly headers: Readonly<Record<string, string>>; readonly value: string }): number {
  return createHash('sha256').update(message.headers['ce_id'] ?? message.value).digest().readUInt32BE(0);
}

/** An opaque text for a point: about 3 bytes a partition in base64url, with a checksum over it and the layout. */
export function encodeId(layout: Layout, { offsets, mark }: Point): string {
  scratch[0] = FORM;
  let at = writeNumber(mark ? mark.place + 1 : 0, 1);
  if (mark) at = scratch.writeUInt32BE(mark.print, at);
  for (const offset of offsets) at = writeNumber(offset, at);
  at += seal(layout, scratch.subarray(0, at)).copy(scratch, at);
  return scratch.toString('base64url', 0, at);
}

/** The point of an id; undefined for a text that `encodeId` never gave out for this layout. */
export function decodeId(layout: Layout, id: string): Point | undefined {
  if (id.length > LONGEST || !/^[\w-]+$/.test(id)) return undefined;
  const bytes = Buffer.from(id, 'base64url');
  const end = bytes.length - SEAL_BYTES;
  if (end < 2 || bytes[0] !== FORM || !seal(layout, bytes.subarray(0, end)).equals(bytes.subarray(end))) return undefined;
  const reading = { bytes, at: 1, end };
  const marked = readNumber(reading);
  if (marked > layout.size || (marked > 0 && reading.at + 4 > end)) return undefined;
  const mark = marked === 0 ? undefined : { place: marked - 1, print: bytes.readUInt32BE(reading.at) };
  if (mark) reading.at += 4;
  const offsets = Array.from({ length: layout.size }, () => readNumber(reading));
  const point = { offsets, mark };
  // One spelling of each: what is not written as we write it was not written by us.
  return offsets.every(Number.isSafeInteger) && encodeId(layout, point) === id ? point : undefined;
}

function seal(layout: Layout, bytes: Buffer): Buffer {
  return createHash('sha256').update(layout.name).update(bytes).digest().subarray(0, SEAL_BYTES);
}

// Seven bits a byte, the lowest first, the eighth saying that there is more.
function writeNumber(value: number, at: number): number {
  let rest = value;
  let next = at;
  while (rest >= 128) {
    scratch[next] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
    next += 1;
  }
  scratch[next] = rest;
  return next + 1;
}

function readNumber(reading: { readonly bytes: Buffer; at: number; readonly end: number }): number {
  let value = 0;
  for (let factor = 1; reading.at < reading.end; factor *= 128) {
    const byte = reading.bytes[reading.at] ?? 0;
    reading.at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
  return NaN;
}

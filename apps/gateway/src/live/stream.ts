import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Filter } from './live-event.ts';

/** One client's open answer. Nothing is kept for it but what its socket has not taken yet, and that is bounded. */
export interface Stream {
  readonly filter: Filter;
  /** Fires when either side ended it. */
  readonly closed: AbortSignal;
  /** Resolves when `closed` fires. */
  readonly ended: Promise<void>;
  /** Sends the headers: from here on the client counts on it. */
  begin(): void;
  begun(): boolean;
  /** False when the client is too slow: then the stream is over, and resumes by its last id. */
  write(bytes: Buffer | string): boolean;
  /** Whether there is still room for a good deal more. */
  hasRoom(): boolean;
  /** Resolves when there is room; false when there was none within the time. */
  room(withinMs: number): Promise<boolean>;
  /** Says goodbye with how long to wait before coming back. */
  end(retryMs: number): void;
  /** Cuts it off at once. */
  destroy(): void;
}

const GOODBYE_MS = 5_000;
const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // nginx and its like would collect events otherwise.
  'X-Accel-Buffering': 'no',
  // It ends with its connection: nothing is left idle that would hold up the end of the process.
  Connection: 'close',
};

/** `maxBytes` is what may wait for the client; `onSlow` is told when it was cut off for more. */
export function createStream(
  response: ServerResponse,
  options: { readonly filter: Filter; readonly maxBytes: number; onSlow(): void },
): Stream {
  const { filter, maxBytes, onSlow } = options;
  const closing = new AbortController();
  const ended = once(response, 'close').then(() => closing.abort());
  // A client that vanishes is no fault of ours; 'close' follows.
  response.on('error', () => undefined);
  return {
    filter,
    closed: closing.signal,
    ended,
    begun: () => response.headersSent,
    begin: () => {
      response.writeHead(200, HEADERS);
      response.flushHeaders();
    },
    write: (bytes) => {
      if (closing.signal.aborted || response.writableEnded) return false;
      // Looked at before: what is read at once and sent together may be more than this without anybody being slow.
      if (response.writableLength > maxBytes) {
        onSlow();
        response.destroy();
        return false;
      }
      response.write(bytes);
      return true;
    },
    hasRoom: () => response.writableLength < maxBytes / 4,
    room: async (withinMs) => {
      if (response.writableLength < maxBytes / 4) return true;
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(withinMs)]);
      await once(response, 'drain', { signal }).catch(() => undefined);
      return !signal.aborted;
    },
    end: (retryMs) => {
      if (!response.headersSent) {
        response.destroy();
        return;
      }
      response.end(`retry: ${retryMs}\n\n`);
      // Who does not take the goodbye either is not waited for.
      setTimeout(() => response.destroy(), GOODBYE_MS).unref();
    },
    destroy: () => void response.destroy(),
  };
}

import { writeSync } from 'node:fs';

/** What may wait while nobody reads; beyond it lines are dropped rather than memory filled. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 10;
/** How long an exit waits for a reader that is slow. */
const LAST_FLUSH_MS = 500;

/** Lines for a file descriptor. */
export interface LineOutput {
  write(line: string): void;
  /** Writes what is pending, waiting for a slow reader up to half a second. */
  flush(): void;
}

/**
 * Collects the lines of one turn of the event loop and writes them in one system call. sonic-boom, pino's own, loops
 * for ever at exit when the reader is gone (EPIPE), which is just when the parent was killed.
 */
export function lineOutput(fd: number): LineOutput {
  let pending: string[] = [];
  let rest: Buffer | undefined;
  let size = 0;
  let scheduled = false;
  let gone = false;

  /** Whether all was written; false when the reader has to catch up first. */
  function writeOut(): boolean {
    while (size > 0) {
      if (rest === undefined) {
        rest = Buffer.from(pending.join(''));
        pending = [];
      }
      try {
        const written = writeSync(fd, rest);
        size -= written;
        rest = written < rest.length ? rest.subarray(written) : undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
        // The reader is gone for good: there is nobody left to tell.
        gone = true;
        size = 0;
        pending = [];
        rest = undefined;
      }
    }
    return true;
  }

  function turn(): void {
    scheduled = !writeOut();
    if (scheduled) setTimeout(turn, RETRY_MS).unref();
  }

  return {
    write(line) {
      if (gone || size > MAX_PENDING_BYTES) return;
      pending.push(line);
      size += Buffer.byteLength(line);
      if (scheduled) return;
      scheduled = true;
      setImmediate(turn);
    },
    flush() {
      const end = performance.now() + LAST_FLUSH_MS;
      const pause = new Int32Array(new SharedArrayBuffer(4));
      while (!writeOut() && performance.now() < end) Atomics.wait(pause, 0, 0, RETRY_MS);
    },
  };
}

let output: LineOutput | undefined;

/** The process's standard output, one for all its loggers; `runMain` flushes it when the process exits. */
export function standardOutput(): LineOutput {
  output ??= lineOutput(1);
  return output;
}

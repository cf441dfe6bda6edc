/** A bell between one who waits and many who ring; a ring while nobody waits is kept for the next wait. */
export interface WakeUp {
  ring(): void;
  /** Resolves at a ring (also one since the last wait), after the timeout, or when the signal is aborted. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** A WakeUp for one waiter. */
export function createWakeUp(): WakeUp {
  let rung = false;
  let release: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      release?.();
    },
    wait: (timeoutMs, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          release = undefined;
          rung = false;
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        signal.addEventListener('abort', done);
        release = done;
        if (rung || signal.aborted) done();
      }),
  };
}

/** Resolves after the time or as soon as the signal is aborted, whichever comes first. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return createWakeUp().wait(milliseconds, signal);
}

/** The delay before the n-th retry (from 1): doubling from `firstMs` up to `maxMs`. */
export function backoff(attempt: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Whether the promise settles within the time; leaves no timer behind. */
export async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([promise.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

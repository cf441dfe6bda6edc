import type { Logger } from './logger.ts';

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 3_000;

/**
 * Tries until it works, while it fails only for now; answers what came of it. Throws what is not transient, and when the
 * signal fires.
 */
export async function untilDone<T>(
  name: string,
  work: () => Promise<T>,
  options: { readonly isTransient: (error: unknown) => boolean; readonly logger: Logger; readonly signal: AbortSignal },
): Promise<T> {
  const { isTransient, logger, signal } = options;
  for (let delay = FIRST_DELAY_MS;; delay = Math.min(delay * 2, MAX_DELAY_MS)) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (delay === FIRST_DELAY_MS)
        logger.warn({ waitsFor: name, err: error }, 'not there yet; tried again until it is');
    }
    await pause(delay, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

import type { Logger } from './logger.ts';

/** A part of a process that is started and stopped with it. */
export interface LifecyclePart {
  readonly start?: () => Promise<void> | void;
  readonly stop?: () => Promise<void> | void;
}

/** Parts are started in the order in which they were added and stopped in reverse. */
export interface Lifecycle {
  add(name: string, part: LifecyclePart): void;
  /** Starts what has not been started yet; when one fails, everything is stopped again and its error is thrown. */
  start(): Promise<void>;
  /** Stops all; never rejects and never takes longer than the bound: what fails or hangs is logged and left behind. */
  stop(): Promise<void>;
}

type Held = LifecyclePart & { readonly name: string; started: boolean };

/** A life cycle whose whole stop takes at most `stopWithinMs` (10 s). */
export function createLifecycle(logger: Logger, options: { readonly stopWithinMs?: number } = {}): Lifecycle {
  const { stopWithinMs = 10_000 } = options;
  const parts: Held[] = [];
  let stopping: Promise<void> | undefined;

  async function start(): Promise<void> {
    try {
      for (const part of parts) {
        if (stopping !== undefined) throw new Error('The process is stopping.');
        if (part.started) continue;
        // Marked before it is awaited: a part that is stopped in the middle of its start must be released too.
        part.started = true;
        await part.start?.();
      }
    } catch (error) {
      await stop();
      throw error;
    }
  }

  async function stopAll(): Promise<void> {
    const end = performance.now() + stopWithinMs;
    for (const part of parts.toReversed()) {
      if (part.stop === undefined || (part.start !== undefined && !part.started)) continue;
      // Half of what is left: one that hangs leaves time for those behind it (the pools).
      const allowed = Math.max(0, (end - performance.now()) / 2);
      await stopOne(part.name, part.stop, allowed);
    }
  }

  async function stopOne(name: string, stopPart: () => Promise<void> | void, allowedMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), allowedMs);
    });
    try {
      const outcome = await Promise.race([Promise.resolve(stopPart()), bound]);
      if (outcome === 'late')
        logger.error({ part: name, allowedMs: Math.round(allowedMs) }, 'part does not stop in time; left behind');
    } catch (error) {
      logger.error({ part: name, err: error }, 'part failed to stop');
    } finally {
      clearTimeout(timer);
    }
  }

  function stop(): Promise<void> {
    stopping ??= stopAll();
    return stopping;
  }

  return {
    add(name, part) {
      if (stopping !== undefined) throw new Error(`${name} was added while the process is stopping.`);
      parts.push({ name, ...part, started: false });
    },
    start,
    stop,
  };
}

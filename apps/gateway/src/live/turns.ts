/** Lets a few run at once; the others wait for their turn. */
export interface Turns {
  /** Runs `work` in its turn; answers `over` when the signal fired before it came. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | 'over'>;
}

/** Turns of which `atOnce` run at a time, in the order in which they were asked for. */
export function createTurns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return {
    take: async (signal, work) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return signal.aborted ? 'over' : await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

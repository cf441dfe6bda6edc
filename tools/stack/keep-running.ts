import { setTimeout as sleep } from 'node:timers/promises';
import { StackError } from './stack-error.ts';

/** One run of a process. */
export interface Run {
  readonly pid: number;
  /** Resolves when it does its work; stays open when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, with how, in words. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** A process that is started again whenever it ends. */
export interface Kept {
  /** Of the present run; undefined between two runs. */
  pid(): number | undefined;
  /** Kills the present run; the next one follows by itself. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends the present run in good order; resolves when the next one is ready. */
  restart(): Promise<void>;
  /** Resolves when a run is ready; throws when none is in time. */
  ready(timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface KeepRunningOptions {
  readonly name: string;
  launch(): Promise<Run>;
  /** Is told, in one line, whatever a person should know. */
  note(line: string): void;
  /** Breaks off the start. */
  readonly signal?: AbortSignal;
  readonly startTimeoutMs?: number;
  readonly firstDelayMs?: number;
}

const LONGEST_DELAY_MS = 10_000;
/** A process that was ready for so long has recovered: the next restart is quick again. */
const RECOVERED_MS = 5_000;

/**
 * Starts a process and keeps it running. Resolves when the first run is ready; throws a StackError, with nothing left
 * running, when that one ends or is not ready in time. Later runs that fail follow each other ever more slowly.
 */
export async function keepRunning(options: KeepRunningOptions): Promise<Kept> {
  const { name, launch, note, signal, startTimeoutMs = 60_000, firstDelayMs = 100 } = options;
  const stopping = new AbortController();
  let current: Run | undefined = await launch();
  let readyAt: number | undefined;
  let restartAsked = false;
  const waiting = new Set<() => void>();

  const nowReady = () => {
    readyAt = performance.now();
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  const nextReady = () => new Promise<void>((resolve) => waiting.add(resolve));

  const first = current;
  const failure = await Promise.race([
    first.ready.then(() => undefined),
    first.ended.then((how) => `${name} does not start: ${how}`),
    sleep(startTimeoutMs, `${name} was not ready within ${startTimeoutMs / 1000} s`, {
      ref: false,
      ...(signal ? { signal } : {}),
    }).catch(() => 'The start was broken off.'),
  ]);
  if (failure !== undefined) {
    await first.stop();
    throw new StackError(failure);
  }
  nowReady();

  const loop = async () => {
    let failures = 0;
    for (;;) {
      if (current) {
        const how = await current.ended;
        current = undefined;
        if (stopping.signal.aborted) return;
        if (readyAt !== undefined && performance.now() - readyAt > RECOVERED_MS) failures = 0;
        const delay = restartAsked ? 0 : Math.min(firstDelayMs * 2 ** failures, LONGEST_DELAY_MS);
        if (!restartAsked) note(`${name} ended (${how.split('\n')[0]}); it is started again in ${delay / 1000} s`);
        restartAsked = false;
        failures += 1;
        readyAt = undefined;
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
      if (stopping.signal.aborted) return;
      try {
        const run = await launch();
        current = run;
        if (stopping.signal.aborted) await run.stop();
        void run.ready.then(() => {
          if (current !== run || stopping.signal.aborted) return;
          note(`${name} runs again (process ${run.pid})`);
          nowReady();
        });
      } catch (error) {
        const delay = Math.min(firstDelayMs * 2 ** failures, LONGEST_DELAY_MS);
        failures += 1;
        note(`${name} does not start: ${(error as Error).message}; the next attempt follows in ${delay / 1000} s`);
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const looping = loop();

  return {
    pid: () => current?.pid,
    kill: async (signal = 'SIGKILL') => {
      const run = current;
      if (!run) return;
      signalTo(run.pid, signal);
      if (signal === 'SIGKILL') await run.ended;
    },
    ready: async (timeoutMs) => {
      if (current && readyAt !== undefined) return;
      const late = sleep(timeoutMs, undefined, { ref: false }).then(() => {
        throw new Error(`${name} was not ready within ${timeoutMs / 1000} s`);
      });
      await Promise.race([nextReady(), late]);
    },
    restart: async () => {
      const again = nextReady();
      restartAsked = current !== undefined;
      await current?.stop();
      await again;
    },
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await looping;
    },
  };
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended by itself
  }
}

import { fstatSync, writeSync } from 'node:fs';
import type { Environment } from './config.ts';
import { standardOutput } from './standard-output.ts';

/** What a process runs; `stop` releases everything and is called once. */
export interface App {
  stop(): Promise<void>;
}

const EXIT_FAULT = 1;
const EXIT_BAD_CONFIG = 2;
/** The life cycle is bounded at 10 s; what is left after that is not worth waiting for. */
const STOP_WITHIN_MS = 12_000;
const PARENT_LOOK_MS = 1_000;

/** Errors of the language are faults and show where they happened; one with a name of its own speaks to people. */
const NAMES_OF_FAULTS: ReadonlySet<string> = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'AggregateError',
]);

/**
 * Runs a process: starts the app with the environment and a signal that fires when it shall end, and ends it on
 * SIGTERM, SIGINT, a fault, or (with TOM_PARENT_WATCH set) when its parent is gone. Exit codes: 0 stopped as asked, 1 a
 * fault or a start that failed, 2 a setting that cannot be used. Further signals change nothing: Ctrl-C reaches a whole
 * group of processes, and whoever started this one then asks it once more.
 */
export async function runMain(start: (environment: Environment, signal: AbortSignal) => Promise<App>): Promise<void> {
  const ending = new AbortController();
  let wake: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const end = (code: number) => {
    process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
    if (ending.signal.aborted) return;
    ending.abort();
    setTimeout(() => {
      report('did not stop in time');
      process.exit(EXIT_FAULT);
    }, STOP_WITHIN_MS).unref();
    wake?.();
  };
  const fault = (error: unknown) => {
    report(describe(error));
    end(EXIT_FAULT);
  };
  process.on('exit', () => standardOutput().flush());
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(0));
  process.on('uncaughtException', fault);
  process.on('unhandledRejection', fault);
  if (process.env['TOM_PARENT_WATCH']) watchParent(() => end(0));

  let app: App | undefined;
  try {
    app = await start(process.env, ending.signal);
  } catch (error) {
    // Being told to end in the middle of a start is no failure.
    if (!ending.signal.aborted) {
      report(describe(error));
      process.exit(error instanceof Error && error.name === 'ConfigError' ? EXIT_BAD_CONFIG : EXIT_FAULT);
    }
  }
  await asked;
  try {
    await app?.stop();
  } catch (error) {
    report(describe(error));
    process.exitCode = EXIT_FAULT;
  }
  // Explicitly, so that a forgotten timer or socket does not keep the process alive.
  process.exit();
}

/** Whoever started us may be killed without a chance to tell: its pipe to us closes, and another process adopts us. */
function watchParent(gone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) gone();
  }, PARENT_LOOK_MS).unref();
  if (stdinIsAPipe()) {
    process.stdin.on('end', gone).on('close', gone).on('error', gone).resume();
    process.stdin.unref?.();
  }
}

/** Only a pipe tells of its other end; /dev/null would end us at once. */
function stdinIsAPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    // No standard input at all.
    return false;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return NAMES_OF_FAULTS.has(error.name) ? (error.stack ?? error.message) : error.message;
}

/** Straight to the file descriptor: a stream whose reader is gone would report that as the next fault, for ever. */
function report(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody is left to read it.
  }
}

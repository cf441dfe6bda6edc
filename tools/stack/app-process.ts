import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from './keep-running.ts';

export interface AppProcess {
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 once the process does its work. */
  readonly readyUrl: string;
  readonly logFile: string;
}

const STOP_MS = 12_000;
const POLL_MS = 25;
const LOG_BYTES = 20 * 1024 * 1024;

/** Starts one app from its bundle. It writes into its log file, and ends by itself when this process does. */
export async function launchApp({ script, environment, readyUrl, logFile }: AppProcess): Promise<Run> {
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  const offset = fstatSync(log).size;
  // a session of its own: Ctrl-C goes to us, and we end the processes in their order; stdin tells it that we are gone
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    env: { ...inherited(), ...environment, TOM_PARENT_WATCH: '1' },
    stdio: ['pipe', log, log],
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw (await once(child, 'error'))[0];
  let over = false;
  const ended = new Promise<string>((resolve) => {
    const end = (how: string) => {
      over = true;
      resolve(how);
    };
    child.once('exit', (code, signal) => end(signal ?? lastWords(logFile, offset) ?? `exit code ${code}`));
  });
  const stop = async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (over) return;
      child.kill(signal);
      await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
    }
  };
  const ready = (async () => {
    while (!(await answers(readyUrl))) {
      if (over) return new Promise<never>(() => undefined);
      await sleep(POLL_MS);
    }
  })();
  return { pid, ready, ended, stop };
}

/** What is set for us as a person's wish (log level, tracing, issuer) holds for every process; our own names do not. */
function inherited(): NodeJS.ProcessEnv {
  const ours = new Set(['PORT', 'HOST', 'DATABASE_URL', 'EVENT_LOG_URL', 'TOPICS_FILE', 'NODE_ENV']);
  const theirs = Object.entries(process.env).filter(([name]) => !ours.has(name) && !/^(TOM|KAFKA|npm|VITEST)_/.test(name));
  return { ...Object.fromEntries(theirs), NODE_ENV: 'production' };
}

/** Over a connection of its own: one kept open would hold up the process when it ends. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/** What the process said last in this run: words for people on stderr, else the message of its last error. */
function lastWords(logFile: string, offset: number): string | undefined {
  const lines = readFileSync(logFile)
    .subarray(offset)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const plain = lines.filter((line) => !line.startsWith('{') && !/^\s+at |^Node\.js v/.test(line));
  if (plain.length > 0) return plain.slice(0, 20).join('\n');
  return lines.map(errorIn).findLast((message) => message !== undefined);
}

function errorIn(line: string): string | undefined {
  try {
    const { level, msg, err } = JSON.parse(line) as {
      level?: number | string;
      msg?: string;
      err?: { message?: string };
    };
    const grave = level === 'error' || level === 'fatal' || (typeof level === 'number' && level >= 50);
    return grave ? [msg, err?.message].filter(Boolean).join(': ') : undefined;
  } catch {
    return undefined;
  }
}

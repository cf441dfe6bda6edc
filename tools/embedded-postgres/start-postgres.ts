import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canEnter, serverAccount, type Account } from './account.ts';
import { findBinaries } from './binaries.ts';
import { prepareDataFolder } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { stopOrphan } from './orphan.ts';
import { guardOf } from './parent-guard.ts';
import { PostgresError } from './postgres-error.ts';

export interface PostgresOptions {
  /** Where the databases live. Whoever starts a server must be the only one who does so on this folder. */
  readonly dataDir: string;
  /** The password of the superuser `postgres`; a fresh data folder takes it over, an existing one must know it. */
  readonly password: string;
  /** On 127.0.0.1; a free one by default. */
  readonly port?: number;
  /** For tests: nothing is forced to the disk, so a crash of the machine loses data. */
  readonly fast?: boolean;
  /** A folder to be removed when the server ends because this process was killed; stop() leaves it alone. */
  readonly removeWithParent?: string;
  /** Where the server's log goes; by default beside the data folder. */
  readonly logFile?: string;
  /** Further server settings. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Postgres {
  readonly port: number;
  readonly pid: number;
  /** The superuser's URL of a database, `postgres` by default. */
  url(database?: string): string;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends the server in good order; resolves when it is gone. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const RETRIES = 5;

const durable = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // the path of a socket may be too long, and nobody needs it
  max_connections: '200',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off', // our statements are short
  io_method: 'sync', // no worker processes of its own for reads that come from memory anyhow
  wal_level: 'minimal', // one server, no replicas
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
} as const;

// A killed server has written its commits all the same, as far as the operating system: synchronous_commit stays on.
const careless = {
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum_naptime: '5min',
} as const;

/**
 * Starts the embedded Postgres on its data folder and resolves when it accepts connections (a fresh folder takes about
 * a second). Throws PostgresError, with nothing left running, when it cannot. It ends when this process does.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { dataDir, fast = false } = options;
  const account = serverAccount(dataDir);
  mkdirSync(dirname(dataDir), { recursive: true });
  if (!canEnter(dirname(dataDir), account)) {
    throw new PostgresError(
      `The user that Postgres runs as cannot enter ${dirname(dataDir)}: choose a folder that is open to it.`,
    );
  }
  const binaries = findBinaries(account);
  await prepareDataFolder({ dataDir, account, password: options.password, sync: !fast }, binaries);
  await stopOrphan(dataDir);

  const logFile = options.logFile ?? `${dataDir}.log`;
  mkdirSync(dirname(logFile), { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const settings = { ...durable, ...(fast ? careless : {}), ...options.settings, port: String(port) };
    const server = launch(binaries.postgres, dataDir, settings, logFile, account);
    const failure = await untilReady(server, dataDir, logFile);
    if (failure === undefined) {
      return running(server, port, options);
    }
    // the backends of a killed server need a moment to notice; another program may have taken the port meanwhile
    const passing = /pre-existing shared memory|Address already in use|could not bind/i.test(failure);
    if (!passing || attempt === RETRIES) throw new PostgresError(`Postgres does not start on ${dataDir}: ${failure}`);
    await sleep(200 * attempt);
  }
}

interface Server {
  readonly process: ChildProcess;
  readonly ended: Postgres['ended'];
  /** Where this run's part of the log begins. */
  readonly logOffset: number;
}

function launch(
  program: string,
  dataDir: string,
  settings: Readonly<Record<string, string>>,
  logFile: string,
  account: Account | undefined,
): Server {
  const log = openSync(logFile, 'a', 0o600);
  const logOffset = fstatSync(log).size;
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // a session of its own: Ctrl-C goes to us, and we stop the server after those who use it
  const child = spawn(program, ['-D', dataDir, ...args], {
    ...account,
    cwd: '/',
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  return { process: child, ended, logOffset };
}

/** Undefined when it accepts connections, else what kept it from that. */
async function untilReady(server: Server, dataDir: string, logFile: string): Promise<string | undefined> {
  let over = false;
  void server.ended.then(() => (over = true));
  for (const deadline = performance.now() + START_TIMEOUT_MS; performance.now() < deadline;) {
    if (over) return lastWords(logFile, server.logOffset);
    if (isReady(dataDir, server.process.pid)) return undefined;
    await sleep(10);
  }
  server.process.kill('SIGKILL');
  await server.ended;
  return `it was not ready after ${START_TIMEOUT_MS / 1000} s`;
}

/** The server writes its state into the eighth line of postmaster.pid; pg_ctl waits for it in the same way. */
function isReady(dataDir: string, pid: number | undefined): boolean {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return false;
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

function lastWords(logFile: string, offset: number): string {
  const lines = readFileSync(logFile).subarray(offset).toString('utf8').split('\n');
  const telling = lines.find((line) => /FATAL|PANIC/.test(line)) ?? lines.findLast((line) => line.trim() !== '');
  return telling?.replace(/^.*?(FATAL|PANIC|LOG):\s*/, '').trim() ?? 'it ended without a word';
}

function running(server: Server, port: number, options: PostgresOptions): Postgres {
  const pid = server.process.pid;
  if (pid === undefined) throw new PostgresError('Postgres ended while it started.');
  const guard = guardOf(pid, 'INT', options.removeWithParent ?? '');
  let over = false;
  const ended = server.ended.finally(() => {
    over = true;
    guard.kill('SIGKILL');
  });

  const stop = async () => {
    // fast shutdown; should a backend hang, an immediate one, which the write-ahead log makes safe
    for (const [signal, patienceMs] of [
      ['SIGINT', 10_000],
      ['SIGQUIT', 5_000],
      ['SIGKILL', 5_000],
    ] as const) {
      if (over) return;
      server.process.kill(signal);
      await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })]);
    }
    if (!over) throw new PostgresError(`Postgres (process ${pid}) does not stop.`);
  };
  const url = (database = 'postgres') =>
    `postgres://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`;
  return { port, pid, url, ended, stop };
}

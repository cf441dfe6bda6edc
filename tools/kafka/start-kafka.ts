import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, guardOf } from '../embedded-postgres/index.ts';
import { dataFolderAt, prepareDataFolder, type DataFolder, type ServerSettings } from './data-folder.ts';
import { kafkaJars, kafkaProblem } from './jars.ts';
import { findToolchain } from './java.ts';
import { KafkaError } from './kafka-error.ts';
import { stopOrphan } from './orphan.ts';

export interface KafkaOptions {
  /** Where the log lives. Whoever starts a server must be the only one who does so on this folder. */
  readonly dataDir: string;
  /** On 127.0.0.1; a free one by default, as is the controller's. */
  readonly port?: number;
  readonly controllerPort?: number;
  /** A folder to be removed when the server ends because this process was killed; stop() leaves it alone. */
  readonly removeWithParent?: string;
  /** Where the server's log goes; by default beside the data folder. */
  readonly logFile?: string;
  /** Further server settings, over our own. */
  readonly settings?: ServerSettings;
  /** Passwords by name for SCRAM-SHA-512; made when the folder is fresh. */
  readonly scramUsers?: Readonly<Record<string, string>>;
}

export interface LocalKafka {
  /** As in KAFKA_BROKERS. */
  readonly brokers: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends the server in good order; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it without warning; resolves when it is gone. */
  kill(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const RETRIES = 3;
const NODE_ID = '1';

/** One node that is broker and controller, small, and never making a topic by itself. */
function settingsOf(port: number, controllerPort: number, further: ServerSettings = {}): ServerSettings {
  return {
    'process.roles': 'broker,controller',
    'node.id': NODE_ID,
    'controller.quorum.voters': `${NODE_ID}@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000', // tests freeze members and do not want to wait for long
    // a node that was killed is let in again only when its former self counts as gone (9 s by default)
    'broker.session.timeout.ms': '5000',
    'broker.heartbeat.interval.ms': '500',
    'default.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'log.cleaner.dedupe.buffer.size': '16777216', // the default takes a quarter of our heap
    ...further,
  };
}

/**
 * Starts one Apache Kafka node on its data folder and resolves when it takes connections (2 s; a fresh folder 3 s, the
 * very first time also what Maven needs). Throws KafkaError, with nothing left running, when it cannot. It ends when
 * this process does.
 */
export async function startKafka(options: KafkaOptions): Promise<LocalKafka> {
  const folder = dataFolderAt(options.dataDir);
  const problem = kafkaProblem();
  if (problem) throw new KafkaError(problem);
  const { java } = findToolchain();
  const jars = await kafkaJars();
  await stopOrphan(folder);
  const logFile = options.logFile ?? `${folder.path}.log`;
  mkdirSync(dirname(logFile), { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const controllerPort = options.controllerPort ?? (await freePort(new Set([port])));
    const { scramUsers = {} } = options;
    await prepareDataFolder(folder, settingsOf(port, controllerPort, options.settings), { java, jars, scramUsers });
    const server = launch(java, jars, folder, logFile);
    const failure = await untilReady(server, logFile);
    if (failure === undefined) return running(server, folder, { port, controllerPort }, options.removeWithParent ?? '');
    // the lock of a killed server needs a moment; another program may have taken the port meanwhile
    const passing = /acquire lock|address already in use/i.test(failure);
    if (!passing || attempt === RETRIES) throw new KafkaError(`Kafka does not start on ${folder.path}: ${failure}`);
    await sleep(300 * attempt);
  }
}

interface Server {
  readonly process: ChildProcess;
  readonly ended: LocalKafka['ended'];
  /** Where this run's part of the log begins. */
  readonly logOffset: number;
}

function launch(java: string, jars: string, folder: DataFolder, logFile: string): Server {
  const log = openSync(logFile, 'a', 0o600);
  const logOffset = fstatSync(log).size;
  const jvm = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.net.preferIPv4Stack=true'];
  const logging = `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`;
  // a session of its own: Ctrl-C goes to us, and we stop the server after those who use it
  const child = spawn(java, [...jvm, logging, '-cp', join(jars, '*'), 'kafka.Kafka', folder.properties], {
    cwd: folder.path,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  if (child.pid !== undefined) writeFileSync(folder.pidFile, String(child.pid));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  return { process: child, ended, logOffset };
}

/** Undefined when it takes connections, else what kept it from that. */
async function untilReady(server: Server, logFile: string): Promise<string | undefined> {
  let over = false;
  void server.ended.then(() => (over = true));
  for (const deadline = performance.now() + START_TIMEOUT_MS; performance.now() < deadline; ) {
    const said = readFileSync(logFile).subarray(server.logOffset).toString('utf8');
    if (over) return lastWords(said);
    if (said.includes('Kafka Server started')) return undefined;
    await sleep(25);
  }
  server.process.kill('SIGKILL');
  await server.ended;
  return `it was not ready after ${START_TIMEOUT_MS / 1000} s`;
}

function lastWords(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const telling =
    lines.find((line) => /^Caused by|acquire lock|BindException|ConfigException/.test(line)) ??
    lines.find((line) => / (FATAL|ERROR) |Exception/.test(line)) ??
    lines.at(-1);
  return telling?.trim() ?? 'it ended without a word';
}

function running(
  server: Server,
  folder: DataFolder,
  ports: { readonly port: number; readonly controllerPort: number },
  removeWithParent: string,
): LocalKafka {
  const pid = server.process.pid;
  if (pid === undefined) throw new KafkaError('Kafka ended while it started.');
  const guard = guardOf(pid, 'TERM', removeWithParent);
  let over = false;
  const ended = server.ended.finally(() => {
    over = true;
    guard.kill('SIGKILL');
  });
  const end = async (steps: readonly (readonly [NodeJS.Signals, number])[]) => {
    for (const [signal, patienceMs] of steps) {
      if (over) return;
      server.process.kill(signal);
      await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })]);
    }
    if (!over) throw new KafkaError(`Kafka (process ${pid}) on ${folder.path} does not stop.`);
  };
  return {
    ...ports,
    brokers: `127.0.0.1:${ports.port}`,
    pid,
    ended,
    // should the orderly stop hang, the hard one, from which the log recovers
    stop: () => end([['SIGTERM', 15_000], ['SIGKILL', 5_000]]),
    kill: () => end([['SIGKILL', 5_000]]),
  };
}

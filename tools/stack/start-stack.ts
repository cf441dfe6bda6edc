import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, portProblem, startPostgres, type Postgres } from '../embedded-postgres/index.ts';
import { kafkaProblem } from '../kafka/index.ts';
import { launchApp } from './app-process.ts';
import { bundleApps, bundleOf } from './bundle.ts';
import { bundleWeb } from './bundle-web.ts';
import { writeConnections } from './connections-file.ts';
import { openDataDir, type DataDir } from './data-dir.ts';
import { databaseUrl, makeDatabases } from './databases.ts';
import { keepRunning, type Kept } from './keep-running.ts';
import { makeKeys, type Keys } from './keys.ts';
import { loadDemoData } from './demo-data.ts';
import { settleAll } from './settle-all.ts';
import { StackError } from './stack-error.ts';
import { startStackKafka, topicsFile, type StackKafka } from './stack-kafka.ts';
import { eventLog, services, type AppName, type ProcessName, type Transport } from './system.ts';

export interface StackOptions {
  /** Where everything is kept; by default a temp folder, which goes with the stack. */
  readonly dataDir?: string;
  /** The gateway's port; 0 (the default) is any free one. */
  readonly port?: number;
  readonly host?: string;
  /** How many processes of each service (1 by default); their names are `stage-service`, `stage-service-2` … */
  readonly instances?: number;
  /** Whether the demo companies are loaded, once per data folder. */
  readonly demoData?: boolean;
  /** Where the log of events is: in Postgres (the default) or in a Kafka that is started with the rest. */
  readonly transport?: Transport;
  /** Settings for every process, over those of our own environment (LOG_LEVEL, OIDC_ISSUER, CONFIG_DIR, …). */
  readonly environment?: Readonly<Record<string, string>>;
  /** For tests that kill processes, not machines: Postgres forces nothing to the disk. */
  readonly fast?: boolean;
  readonly postgresSettings?: Readonly<Record<string, string>>;
  /** Is told, in one line each, whatever a person should know while it starts and runs. */
  readonly note?: (line: string) => void;
  /** Breaks off the start. */
  readonly signal?: AbortSignal;
}

/** A running system. */
export interface Stack {
  /** Of the gateway. */
  readonly url: string;
  readonly dataDir: string;
  /** The folder with `<process>.log`. */
  readonly logs: string;
  /** Where each app listens: the services with gRPC and operations, the gateway with both in one. */
  readonly addresses: Readonly<Record<AppName, { readonly api: string; readonly ops: string }>>;
  /** Process numbers at this moment; one that is being started again is missing. */
  processes(): Readonly<Partial<Record<ProcessName, number>>>;
  /** A token of a demo user, from the gateway. */
  token(user: string): Promise<string>;
  /** Kills a process without warning (or sends it another signal); it is started again by itself. */
  kill(name: ProcessName, signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when every process says that it is ready. */
  ready(timeoutMs?: number): Promise<void>;
  readonly postgres: {
    readonly port: number;
    /** The superuser's URL of the database `postgres`. */
    readonly adminUrl: string;
    /** The superuser's URL of one of our databases. */
    url(database: string): string;
    /** Stops the server in good order and starts it again. */
    restart(): Promise<void>;
  };
  /** Only with `transport: 'kafka'`; `brokers` as in KAFKA_BROKERS. */
  readonly kafka?: { readonly brokers: string };
  stop(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

/**
 * Starts the whole system: Postgres (and Kafka, if that is the log), the four services and the gateway, each a process of its own, and resolves when
 * all are ready. Throws a StackError or PostgresError (one line for people) with nothing left running.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    return await start(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: StackOptions,
  undo: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Stack> {
  const { host = '127.0.0.1', note = () => undefined, signal } = options;
  const temporary = options.dataDir === undefined ? makeTemporary() : undefined;
  if (temporary) undo.push(() => rmSync(temporary, { recursive: true, force: true }));
  const dataDir = openDataDir(options.dataDir ?? join(temporary ?? '', 'data'));
  undo.push(() => dataDir.release());
  const problem = options.port ? await portProblem(options.port, host) : undefined;
  if (problem) throw new StackError(`Port ${options.port} cannot be used: ${problem}. Set PORT to another one.`);

  const noKafka = options.transport === 'kafka' ? kafkaProblem() : undefined;
  if (noKafka) throw new StackError(noKafka);

  const taken = new Set<number>();
  const ports = async () => {
    const port = await freePort(taken);
    taken.add(port);
    return port;
  };
  const postgresPort = await ports();
  const adminUrl = (database: string) => databaseUrl(postgresPort, 'postgres', dataDir.password('postgres'), database);
  const launchPostgres = async () => {
    const server = await startPostgres({
      dataDir: dataDir.postgres,
      password: dataDir.password('postgres'),
      port: postgresPort,
      logFile: join(dataDir.logs, 'postgres.log'),
      ...(options.fast ? { fast: true } : {}),
      ...(options.postgresSettings ? { settings: options.postgresSettings } : {}),
      ...(temporary ? { removeWithParent: temporary } : {}),
    });
    return runOf(server);
  };
  const breakOff = signal ? { signal } : {};
  const environment = { ...process.env, ...options.environment };
  const [postgres, keys, , webFolder, kafka] = await settleAll([
    keepRunning({ name: 'postgres', launch: launchPostgres, note, ...breakOff }).then((kept) => {
      undo.push(() => kept.stop());
      return kept;
    }),
    // Where an issuer vouches for people and services alike, there is nothing to sign.
    environment.OIDC_ISSUER && environment.SERVICE_OIDC_CLIENT_ID ? undefined : makeKeys(dataDir, { demo: !environment.OIDC_ISSUER }),
    bundleApps(),
    bundleWeb(),
    options.transport === 'kafka'
      ? startStackKafka({ dataDir, ports, note, ...breakOff, ...(temporary ? { removeWithParent: temporary } : {}) }).then((started) => {
          undo.push(() => started.kept.stop());
          return started;
        })
      : undefined,
  ]);
  signal?.throwIfAborted();
  await makeDatabases(adminUrl('postgres'), dataDir.password);
  undo.push(writeConnections(dataDir, postgresPort, kafka?.brokers));
  signal?.throwIfAborted();

  const addresses = await placeApps(environment, ports, host, options.port || (await ports()), options.instances ?? 1);
  const kept = new Map<ProcessName, Kept>([['postgres', postgres], ...(kafka ? [['kafka', kafka.kept] as const] : [])]);
  const launches = appLaunches({ dataDir, keys, addresses, host, postgresPort, kafka, webFolder, extra: options.environment ?? {} });
  undo.push(() =>
    settleAll(
      launches.map(({ name }) => (name === 'gateway' ? undefined : kept.get(name)?.stop())),
    ).then(),
  );
  undo.push(() => kept.get('gateway')?.stop());
  await settleAll(
    launches.map(async ({ name, process }) => {
      kept.set(name, await keepRunning({ name, launch: () => launchApp(process), note, ...breakOff }));
    }),
  );
  signal?.throwIfAborted();

  const url = `http://${addresses.gateway.api}`;
  const token = (user: string) => demoToken(url, user);
  if (options.demoData) await loadDemoData({ url, token, dataDir: dataDir.path, note, ...breakOff });
  return {
    url,
    dataDir: dataDir.path,
    logs: dataDir.logs,
    addresses,
    token,
    processes: () =>
      Object.fromEntries([...kept].flatMap(([name, { pid }]) => (pid() === undefined ? [] : [[name, pid()]]))),
    kill: async (name, killSignal) => kept.get(name)?.kill(killSignal),
    ready: async (timeoutMs = 30_000) => {
      await settleAll([...kept.values()].map((one) => one.ready(timeoutMs)));
    },
    postgres: { port: postgresPort, adminUrl: adminUrl('postgres'), url: adminUrl, restart: () => postgres.restart() },
    ...(kafka ? { kafka: { brokers: kafka.brokers } } : {}),
    stop,
  };
}

function makeTemporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tom-stack-'));
  chmodSync(folder, 0o711); // the user that Postgres runs as must get through it
  return folder;
}

function runOf(server: Postgres) {
  return {
    pid: server.pid,
    ready: Promise.resolve(),
    ended: server.ended.then(({ code, signal }) => signal ?? `exit code ${code}`),
    stop: server.stop,
  };
}

type Addresses = Stack['addresses'];

/** The addresses of several instances have commas between them. */
const each = (addresses: string): readonly string[] => addresses.split(',');

/** Services take free ports, one for each instance, unless the environment names their address. */
async function placeApps(
  environment: NodeJS.ProcessEnv,
  ports: () => Promise<number>,
  host: string,
  gatewayPort: number,
  instances: number,
): Promise<Addresses> {
  const free = async () => {
    const places: string[] = [];
    while (places.length < instances) places.push(`127.0.0.1:${await ports()}`);
    return places.join(',');
  };
  const placed: Partial<Record<AppName, Addresses[AppName]>> = {};
  for (const { app, address } of services) {
    placed[app] = { api: environment[address] || (await free()), ops: await free() };
  }
  const gateway = `${host === '0.0.0.0' ? '127.0.0.1' : host}:${gatewayPort}`;
  return { ...placed, gateway: { api: gateway, ops: gateway } } as Addresses;
}

interface LaunchFacts {
  readonly dataDir: DataDir;
  readonly keys: Keys | undefined;
  readonly addresses: Addresses;
  readonly host: string;
  readonly postgresPort: number;
  readonly kafka: StackKafka | undefined;
  readonly webFolder: string;
  readonly extra: Readonly<Record<string, string>>;
}

function appLaunches({ dataDir, keys, addresses, host, postgresPort, kafka, webFolder, extra }: LaunchFacts) {
  const urlOf = ({ role, database }: { role: string; database: string }) =>
    databaseUrl(postgresPort, role, dataDir.password(role), database);
  const shared = {
    CONFIG_DIR: process.env.CONFIG_DIR || join(root, 'config'),
    TOPICS_FILE: topicsFile,
    ...(kafka ? { KAFKA_BROKERS: kafka.brokers } : { EVENT_LOG_URL: urlOf(eventLog) }),
    // Everybody here is a demo user, and scripts and tests share them: a limit per person would measure nothing.
    RATE_LIMIT_PER_MINUTE: process.env.RATE_LIMIT_PER_MINUTE || '0',
    SIGN_IN_LIMIT_PER_MINUTE: process.env.SIGN_IN_LIMIT_PER_MINUTE || '0',
    ...(keys ? { TRUSTED_KEYS_FILE: keys.trustedKeysFile } : {}),
    ...Object.fromEntries(services.map(({ app, address }) => [address, addresses[app].api])),
    ...extra,
  };
  const launch = (app: AppName, own: Readonly<Record<string, string>>, ops: string, name: ProcessName = app) => ({
    name,
    process: {
      script: bundleOf(app),
      logFile: join(dataDir.logs, `${name}.log`),
      readyUrl: `http://${ops}/readyz`,
      environment: { ...shared, ...(keys ? { SERVICE_KEY_FILE: keys.serviceKeyFile(app) } : {}), ...own },
    },
  });
  return [
    ...services.flatMap((service) => {
      const { app } = service;
      const ops = each(addresses[app].ops);
      return each(addresses[app].api).map((api, index) => {
        const own = { DATABASE_URL: urlOf(service), GRPC_ADDRESS: api, OPS_ADDRESS: ops[index] ?? '127.0.0.1:0' };
        return launch(app, own, own.OPS_ADDRESS, index === 0 ? app : `${app}-${index + 1}`);
      });
    }),
    launch('gateway', {
      HOST: host,
      WEB_DIR: webFolder,
      PORT: addresses.gateway.api.split(':').at(-1) ?? '',
      ...(keys?.demoKeyFile ? { DEMO_KEY_FILE: keys.demoKeyFile } : {}),
    }, addresses.gateway.ops),
  ];
}

async function demoToken(url: string, user: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  if (!response.ok) throw new Error(`No token for ${user}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { accessToken: string }).accessToken;
}

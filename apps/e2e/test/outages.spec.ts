import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKafkaBroker, createPostgresBroker, type Broker } from '@tom/messaging';
import type { ProcessName, Stack } from '@tom/tools/stack';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../src/api.ts';
import { revisionsOn } from '../src/revisions.ts';
import { startSystem } from '../src/start-system.ts';
import { startLoad } from '../src/steady-load.ts';

const SERVICES = ['stage-service', 'activity-service', 'task-service', 'workflow-service'] as const;
const DATABASES = ['stage_db', 'activity_db', 'task_db', 'workflow_db'];
const TOPICS = ['tom.org.events.v1', 'tom.activity.events.v1', 'tom.task.events.v1', 'tom.case.events.v1'];
const MAX_CONNECTIONS = 120;
const DRAINED_WITHIN_MS = 45_000;
/** What a fault may cost in warnings and errors of one process. */
const MOST_LINES = 30;
const onKafka = process.env['TOM_TRANSPORT'] === 'kafka';

let stack: Stack;
let broker: Broker;
/** What the stack says of its processes: whichever ended has its last words there. */
const notes: string[] = [];

beforeAll(async () => {
  stack = await startSystem({ instances: 2, note: (line) => notes.push(line), postgresSettings: { max_connections: String(MAX_CONNECTIONS) } });
  broker = stack.kafka
    ? createKafkaBroker({ brokers: [stack.kafka.brokers] })
    : createPostgresBroker({ connectionString: stack.postgres.url('event_log_db') });
});
afterAll(async () => {
  await broker.close();
  await stack.stop();
});

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function connect(database: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: stack.postgres.url(database), application_name: 'outages' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function query<R extends pg.QueryResultRow>(database: string, text: string): Promise<R[]> {
  const client = await connect(database);
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

const endBackends = (condition: string) =>
  query('postgres', `select pg_terminate_backend(pid) from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> 'outages' and ${condition}`);

/** Takes every connection that it can get, those of the services first, for some seconds. */
async function exhaustConnections(milliseconds: number): Promise<void> {
  const taken: pg.Client[] = [];
  const end = performance.now() + milliseconds;
  try {
    const ending = await connect('postgres');
    taken.push(ending);
    while (performance.now() < end) {
      await ending.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where backend_type = 'client backend' and application_name <> 'outages'`);
      const more = await Promise.allSettled(Array.from({ length: 30 }, () => connect('postgres')));
      taken.push(...more.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
      if (more.some(({ status }) => status === 'rejected')) await sleep(100);
    }
  } finally {
    await Promise.all(taken.map((client) => client.end()));
  }
}

async function logAway(milliseconds: number): Promise<void> {
  if (onKafka) {
    await stack.kill('kafka');
    return stack.ready(60_000);
  }
  await query('postgres', 'alter database event_log_db with connection limit 0');
  await endBackends(`datname = 'event_log_db'`);
  await sleep(milliseconds);
  await query('postgres', 'alter database event_log_db with connection limit -1');
}

/** Stands still until its partitions and its advisory lock are another's, and then goes on as if nothing had been. */
async function freeze(name: ProcessName, database: string, milliseconds: number): Promise<void> {
  await stack.kill(name, 'SIGSTOP');
  await endBackends(`(datname = '${database}' or datname = 'event_log_db')`);
  await sleep(milliseconds);
  await stack.kill(name, 'SIGCONT');
}

const faults: readonly { readonly name: string; readonly downs: boolean; readonly run: () => Promise<unknown> }[] = [
  { name: 'Postgres stopped at once (-m immediate)', downs: true, run: () => stack.kill('postgres', 'SIGQUIT') },
  { name: 'all backends terminated', downs: false, run: () => endBackends('true') },
  { name: 'all backends terminated again', downs: false, run: () => endBackends('true') },
  // Whoever holds a connection goes on working with it, so not everybody has to say so.
  { name: 'no connection free', downs: false, run: () => exhaustConnections(4_000) },
  { name: onKafka ? 'Kafka killed' : 'the event log away', downs: false, run: () => logAway(4_000) },
  { name: 'task-service frozen', downs: false, run: () => freeze('task-service', 'task_db', onKafka ? 12_000 : 5_000) },
];

const readyUrls = () => SERVICES.flatMap((app) => stack.addresses[app].ops.split(',').map((ops) => `http://${ops}/readyz`));

/** Asks every process again and again whether it is ready; `notReady` are those that once said no since the last `reset`. */
function watchReadiness() {
  const notReady = new Set<string>();
  let over = false;
  async function watch(url: string): Promise<void> {
    while (!over) {
      const status = await fetch(url, { signal: AbortSignal.timeout(3_000) }).then((response) => response.status, () => 0);
      if (status !== 200) notReady.add(url);
      await sleep(50);
    }
  }
  const watching = Promise.all(readyUrls().map(watch));
  return {
    notReady,
    stop: async () => {
      over = true;
      await watching;
    },
  };
}

async function allReady(): Promise<boolean> {
  const answers = await Promise.all(
    readyUrls().map((url) => fetch(url, { signal: AbortSignal.timeout(3_000) }).then(({ status }) => status === 200, () => false)),
  );
  return answers.every(Boolean);
}

/** The warnings and errors of each process so far. */
function warnings(): Map<string, string[]> {
  const names = [...SERVICES.flatMap((app) => [app, `${app}-2`]), 'gateway'];
  return new Map(names.map((name): [string, string[]] => {
    const lines = readFileSync(join(stack.logs, `${name}.log`), 'utf8').split('\n');
    return [name, lines.filter((line) => /"level":(?:"(?:warn|error|fatal)"|[456]0)/.test(line))];
  }));
}

const saidMost = (lines: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const text = (JSON.parse(line) as { msg?: string }).msg ?? '';
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 4).map(([text, n]) => `${n}× ${text}`).join(', ');
};

it('whatever fails, nothing acknowledged is lost or done twice, and all of it is back by itself', async () => {
  const seed = Number(process.env['TOM_SEED'] ?? randomInt(1, 1_000_000));
  console.log(`TOM_SEED=${seed}`);
  const before = stack.processes();
  const load = await startLoad(stack, seed);
  const readiness = watchReadiness();
  const problems: string[] = [];
  await sleep(1_500);

  for (const { name, downs, run } of faults) {
    const said = warnings();
    const counts = load.counts();
    readiness.notReady.clear();
    const began = performance.now();
    await run();
    const over = performance.now();
    await sleep(500); // a probe of each process, and some load
    await until(`readiness after "${name}"`, allReady, Boolean, 20_000);
    const from = load.counts();
    await until(`every kind of work after "${name}"`, async () => load.counts(), (now) => now.activities > from.activities + 5 && now.companies > from.companies + 1 && now.claims > from.claims, 20_000);
    const back = performance.now();
    const now = load.counts();
    const lines = [...warnings()].map(([process, all]): [string, string[]] => [process, all.slice(said.get(process)?.length ?? 0)]);
    const [loudest, most] = lines.sort((a, b) => b[1].length - a[1].length)[0] ?? ['', []];
    console.log(
      `${name}: ${Math.round(over - began)} ms, all work again ${Math.round(back - over)} ms later; ` +
        `${now.acknowledged - counts.acknowledged} acknowledged, ${now.refused - counts.refused} refused for now; ` +
        `${readiness.notReady.size} of ${readyUrls().length} were not ready; ` +
        `${lines.reduce((sum, [, all]) => sum + all.length, 0)} warnings, most from ${loudest}: ${saidMost(most)}`,
    );
    if (downs && readiness.notReady.size < readyUrls().length) problems.push(`${name}: only ${readiness.notReady.size} said that they were not ready`);
    if (most.length > MOST_LINES) problems.push(`${name}: ${loudest} wrote ${most.length} warnings`);
  }
  await readiness.stop();
  const { acknowledged, companies, claims, unexpected } = await load.stop();
  const stoppedAt = performance.now();
  const left = () => Math.max(1, DRAINED_WITHIN_MS - (performance.now() - stoppedAt));

  expect(unexpected).toEqual([]);
  const kept = (pids: ReturnType<Stack['processes']>) => Object.fromEntries(Object.entries(pids).filter(([name]) => name !== 'postgres' && name !== 'kafka'));
  expect(kept(stack.processes()), notes.join('\n')).toEqual(kept(before));

  for (const database of DATABASES) {
    const waiting = async () => (await query<{ n: number }>(database, 'select count(*)::int as n from outbox'))[0]?.n;
    await until(`the outbox of ${database} to be empty`, waiting, (n) => n === 0, left());
  }
  for (const group of SERVICES) {
    await until(`${group} to have read all`, () => broker.lag(group), (all) => all.every(({ lag }) => lag === 0), left());
  }
  const callBacks = () => query<{ activity: string; due: Date }>('task_db', `select source_activity_id as activity, due_at as due from task where task_type = 'CALL_BACK'`);
  const made = await until('all call-backs', callBacks, (rows) => rows.length >= acknowledged.size, left());
  console.log(`${acknowledged.size} activities, ${companies.length} companies, ${claims.length} claims; drained after ${Math.round(performance.now() - stoppedAt)} ms`);

  expect(made).toHaveLength(acknowledged.size);
  expect(new Map(made.map(({ activity, due }) => [activity, due.toISOString()]))).toEqual(acknowledged);
  const there = (await query<{ id: string }>('stage_db', 'select org_id as id from org')).map(({ id }) => id);
  expect(new Set(there)).toEqual(new Set(companies));
  expect(there).toHaveLength(companies.length);
  const owners = new Map((await query<{ id: string; owner: string }>('task_db', 'select task_id as id, assignee as owner from task where assignee is not null')).map(({ id, owner }) => [id, owner]));
  expect(new Set(claims.map(({ taskId }) => taskId)).size).toBe(claims.length);
  for (const { taskId, user } of claims) expect(owners.get(taskId)).toBe(user);
  for (const database of DATABASES) expect(await query(database, 'select error from dead_letter')).toEqual([]);
  for (const topic of TOPICS) {
    for (const [aggregate, revisions] of await revisionsOn(broker, topic)) {
      expect(revisions, `${topic} ${aggregate}`).toEqual(revisions.map((_revision, index) => index + 1));
    }
  }
  expect(problems).toEqual([]);
}, 240_000);

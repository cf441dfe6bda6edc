import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createKafkaBroker, type Broker } from '@tom/messaging';
import { kafkaJars } from '@tom/tools/kafka';
import type { Stack } from '@tom/tools/stack';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';
import { readAsStranger } from '../src/read-as-stranger.ts';
import { revisionsOn } from '../src/revisions.ts';
import { startSystem } from '../src/start-system.ts';

const CONNECTIONS = 8;
const OUTAGES = 2;
const BEFORE_EACH_MS = 3_000;
const DRAINED_WITHIN_MS = 45_000;
const TOPICS = ['tom.org.events.v1', 'tom.activity.events.v1', 'tom.task.events.v1', 'tom.case.events.v1'];
const DATABASES = ['stage_db', 'activity_db', 'task_db', 'workflow_db'];

let stack: Stack;
let broker: Broker;
let ida: Api;

beforeAll(async () => {
  stack = await startSystem();
  broker = createKafkaBroker({ brokers: [stack.kafka?.brokers ?? ''] });
  ida = api(stack.url, await stack.token('ida'));
});
afterAll(async () => {
  await broker.close();
  await stack.stop();
});

async function query<R extends pg.QueryResultRow>(database: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: stack.postgres.url(database) });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it('a killed Kafka costs nothing but time: posts go on, and all of it arrives once and in order', async () => {
  const created = await Promise.all(
    Array.from({ length: 12 }, (_entry, n) => ida.post<{ orgId: string }>('/orgs', { name: `Kunde ${n}`, status: 'customer' })),
  );
  const orgs = created.map(({ body }) => body.orgId);
  const acknowledged = new Map<string, string>();
  const refused: number[] = [];
  let during = 0;
  let away = false;
  let over = false;
  let sent = 0;

  async function logging(): Promise<void> {
    while (!over) {
      const followUpAt = new Date(Date.now() + 86_400_000 + (sent += 1) * 1_000).toISOString();
      const body = { activityType: 'CALL', outcomeCode: 'NO_ANSWER', followUpAt };
      const answer = await ida.post<{ activityId: string }>(`/orgs/${orgs[sent % orgs.length]}/activities`, body);
      if (answer.status !== 201) refused.push(answer.status);
      else acknowledged.set(answer.body.activityId, followUpAt);
      if (away) during += 1;
      await sleep(20);
    }
  }
  /** Many events of one aggregate: their order is what other systems rely on. */
  async function renaming(orgId: string): Promise<void> {
    for (let n = 1; !over; n += 1) {
      const { etag } = await ida.get(`/orgs/${orgId}`);
      const { status } = await ida.patch(`/orgs/${orgId}`, { name: `Kunde, ${n}. Name` }, etag ?? '');
      if (status !== 200) refused.push(status);
      await sleep(30);
    }
  }

  const load = [...Array.from({ length: CONNECTIONS }, logging), ...orgs.slice(0, 3).map(renaming)];
  let returnedAt = 0;
  for (let outage = 1; outage <= OUTAGES; outage += 1) {
    await sleep(BEFORE_EACH_MS);
    away = true;
    await stack.kill('kafka');
    await stack.ready(60_000);
    away = false;
    returnedAt = performance.now();
  }
  over = true;
  await Promise.all(load);

  expect(refused).toEqual([]);
  expect(during).toBeGreaterThan(10);
  const left = () => Math.max(1, DRAINED_WITHIN_MS - (performance.now() - returnedAt));
  for (const database of DATABASES) {
    const waiting = async () => (await query<{ n: number }>(database, 'select count(*)::int as n from outbox'))[0]?.n;
    await until(`the outbox of ${database} to be empty`, waiting, (n) => n === 0, left());
  }
  const made = () => query<{ activity: string; due: Date }>('task_db', `select source_activity_id as activity, due_at as due from task where task_type = 'CALL_BACK'`);
  const found = await until('all call-backs', made, (rows) => rows.length >= acknowledged.size, left());
  for (const group of ['stage-service', 'activity-service', 'task-service', 'workflow-service']) {
    await until(`${group} to have read all`, () => broker.lag(group), (all) => all.every(({ lag }) => lag === 0), left());
  }
  console.log(`${acknowledged.size} acknowledged, ${during} of them without Kafka; drained ${Math.round(performance.now() - returnedAt)} ms after its return`);

  expect(found.length).toBe(acknowledged.size);
  expect(new Map(found.map(({ activity, due }) => [activity, due.toISOString()]))).toEqual(acknowledged);
  for (const database of DATABASES) expect(await query(database, 'select error from dead_letter')).toEqual([]);
  for (const topic of TOPICS) {
    for (const [aggregate, revisions] of await revisionsOn(broker, topic)) {
      expect(revisions, `${topic} ${aggregate}`).toEqual(revisions.map((_revision, index) => index + 1));
    }
  }
  expect((await revisionsOn(broker, 'tom.org.events.v1')).get(orgs[0] ?? '')?.length).toBeGreaterThan(20);
}, 240_000);

it('every topic for copies of dead letters is declared: no service misses one', () => {
  for (const service of ['stage-service', 'activity-service', 'task-service', 'workflow-service']) {
    const log = readFileSync(join(stack.logs, `${service}.log`), 'utf8');
    expect(log).not.toContain('the topic for copies of dead letters does not exist');
    expect(log).not.toContain('a topic has not as many partitions as declared');
  }
});

it('a stranger reads every event with the CloudEvents SDK', async () => {
  const types = new Set<string>();
  for (const topic of TOPICS) {
    const events = await readAsStranger(stack.kafka?.brokers ?? '', topic);
    for (const event of events) {
      types.add(event.type);
      expect(event).toMatchObject({ specversion: '1.0', datacontenttype: 'application/json', source: expect.stringMatching(/^\/tom\//) as string });
      expect(event['correlationid']).toMatch(/^[0-9a-f-]{36}$/);
      expect(event['revision']).toMatch(/^[1-9]\d*$/);
      expect(event.subject).toBe(event['partitionkey']);
      expect(typeof event.data).toBe('object');
    }
  }
  for (const type of ['stage.v1.OrgCreated', 'stage.v1.OrgUpdated', 'activity.v1.ActivityLogged', 'task.v1.TaskCreated']) {
    expect([...types]).toContain(`tom.${type}`);
  }
}, 60_000);

const samples = resolve(import.meta.dirname, '../../../docs/samples');
const hasCompiler = spawnSync('java', ['--list-modules'], { encoding: 'utf8' }).stdout?.includes('jdk.compiler') ?? false;
const hasKcat = spawnSync('kcat', ['-V']).status === 0;

it.skipIf(!hasCompiler)('a stranger reads with the plain Java consumer of docs/samples', async () => {
  const classes = join(await kafkaJars(), '*');
  const args = ['-cp', classes, join(samples, 'ReadEvents.java'), stack.kafka?.brokers ?? '', 'tom.activity.events.v1', '3'];
  const lines = execFileSync('java', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line).toMatch(/^\d+:\d+ tom\.activity\.v1\.\w+ org=[0-9a-f-]{36} revision=\d+ \{.*\}$/);
}, 60_000);

it.skipIf(!hasKcat)('a stranger reads with kcat', () => {
  const format = '%h\\n%s\\n';
  const args = ['-b', stack.kafka?.brokers ?? '', '-t', 'tom.activity.events.v1', '-C', '-o', 'beginning', '-c', '1', '-q', '-f', format];
  const [headers = '', value = ''] = execFileSync('kcat', args, { encoding: 'utf8' }).split('\n');
  expect(headers).toMatch(/ce_specversion=1\.0,.*ce_type=tom\.activity\.v1\.\w+,.*content-type=application\/json/);
  expect(JSON.parse(value)).toMatchObject({ activity: { orgId: expect.any(String) as string } });
});

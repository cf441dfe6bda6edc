import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { newId, systemClock } from '@tom/kernel';
import {
  createConsumer,
  createOutbox,
  formatHeaders,
  messagingMigrations,
  subscription,
  type Consumer,
  type MessageType,
} from '@tom/messaging';
import { createTestBroker, eventually, type TestBroker } from '@tom/messaging/testing';
import { silentLogger, sql } from '@tom/postgres';
import { createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionsFile, writeConnections } from '../stack/connections-file.ts';
import { openDataDir } from '../stack/data-dir.ts';
import { commands, runTom } from './run-tom.ts';

const root = resolve(import.meta.dirname, '../..');
const group = 'task-service';
const Happened: MessageType<{ n: number }> = {
  typeName: 'tom.thing.v1.ThingHappened',
  topic: 'tom.thing.events.v1',
  encode: (value) => value,
  decode: (json) => json as { n: number },
};

let folder: string;
let tasks: TestDatabase;
let log: TestBroker;
let consumer: Consumer;
let broken = true;
const handled: number[] = [];

/** Runs a command against the databases of this test; `json` is what it said on its standard output. */
async function tom(args: string, environment: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runTom(args.match(/"[^"]*"|\S+/g)?.map((part) => part.replaceAll('"', '')) ?? [], {
    environment: {
      STAGE_DATABASE_URL: tasks.url,
      ACTIVITY_DATABASE_URL: tasks.url,
      TASK_DATABASE_URL: tasks.url,
      WORKFLOW_DATABASE_URL: tasks.url,
      EVENT_LOG_URL: log.url,
      TOM_DATA_DIR: folder,
      ...environment,
    },
    folder,
    root,
    account: 'tester',
    now: () => new Date(),
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  const text = out.join('\n');
  return { code, out: text, err: err.join('\n'), json: () => JSON.parse(text) as Record<string, unknown> };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tom-cli-'));
  [tasks, log] = await Promise.all([createTestDatabase({ migrations: messagingMigrations }), createTestBroker()]);
  consumer = createConsumer({
    database: tasks.database,
    broker: log.broker,
    group,
    outbox: createOutbox({ source: group, clock: systemClock }),
    clock: systemClock,
    logger: silentLogger,
    retry: { attempts: 1 },
    subscriptions: [
      subscription({
        on: Happened,
        handle: async ({ envelope }) => {
          if (envelope.data.n < 0 && broken) throw new Error('a bug');
          handled.push(envelope.data.n);
        },
      }),
    ],
  });
  await consumer.start();
});
afterAll(async () => {
  await consumer.stop();
  await Promise.all([tasks.drop(), log.drop()]);
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  broken = true;
  handled.length = 0;
});

/** A line of messages whose first fails: -1, then as many sound ones. */
async function poison(behind: number): Promise<string> {
  const key = newId();
  const parked = consumer.stats().parked + behind;
  const message = (n: number) => ({
    topic: Happened.topic,
    key,
    value: JSON.stringify({ n }),
    headers: formatHeaders({
      id: newId(),
      type: Happened.typeName,
      source: '/tom/test',
      time: new Date().toISOString(),
      subject: key,
      correlationId: newId(),
      depth: 0,
      aggregateId: key,
      revision: 1,
      actor: 'user:test',
    }),
  });
  await log.broker.publish([-1, ...Array.from({ length: behind }, (_entry, index) => index + 1)].map(message));
  await eventually('parking', () => consumer.stats().parked >= parked);
  return key;
}

async function firstOf(key: string): Promise<string> {
  const letters = (await tom('dlq list --group task --json')).json() as unknown as { ref: string; key: string }[];
  const found = letters.find((letter) => letter.key === key);
  if (!found) throw new Error(`no letter of ${key}`);
  return found.ref;
}

describe('dlq', () => {
  it('lists what failed, shows one, and drops it with a reason: the rest goes on', async () => {
    const key = await poison(2);
    const listed = await tom('dlq list --group task-service');
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(/^task-service\/\d+ .* failed .*ThingHappened .*Error: a bug$/m);
    const ref = await firstOf(key);
    const shown = await tom(`dlq show ${ref}`);
    expect(shown.out).toContain(`ce_subject: ${key}`);
    expect(shown.out).toContain('"n": -1');
    expect(await tom(`dlq drop ${ref}`)).toMatchObject({ code: 2, err: expect.stringContaining('--reason') as string });
    expect((await tom(`dlq drop ${ref} --reason "sent again"`)).out).toContain('by tester: sent again');
    await eventually('the rest', () => handled.length === 2);
    expect(handled).toEqual([1, 2]);
    expect((await tom('dlq list --dropped --group task')).out).toMatch(new RegExp(`^${ref} .* tester .* sent again$`, 'm'));
    expect(await tom(`dlq show ${ref}`)).toMatchObject({ code: 1, err: `error: there is no dead letter ${ref}: it was redriven or dropped` });
  });

  it('redrives a line, says what still fails, and handles it in order once it is mended', async () => {
    const key = await poison(2);
    const ref = await firstOf(key);
    const still = await tom(`dlq redrive ${ref}`);
    expect(still).toMatchObject({ code: 1, err: '' });
    expect(still.out).toContain('still fails: Error: a bug (2 messages behind it)');
    broken = false;
    const mended = await tom(`dlq redrive --group task --key ${key} --json`);
    expect(mended.code).toBe(0);
    expect(mended.json()).toEqual({ group, lines: [{ topic: Happened.topic, key, outcome: 'handled' }] });
    expect(handled).toEqual([-1, 1, 2]);
    expect((await tom('dlq redrive --group task --all')).out).toBe('task-service has no parked keys');
  });
});

describe('the log and the outboxes', () => {
  it('lag tells groups and topics; replay lets a group read again', async () => {
    broken = false;
    await poison(0);
    await eventually('handling', () => handled.length === 1);
    await eventually('commit', async () => (await log.broker.lag(group)).every(({ lag }) => lag === 0));
    expect((await tom('lag')).out).toMatch(/^task-service +tom\.thing\.events\.v1 +0 +0 of 8$/m);
    const plan = (await tom(`replay ${Happened.topic} --group task-service --from start --dry-run --json`)).json();
    expect(Number(plan['messages'])).toBeGreaterThan(0);
    const before = consumer.stats().duplicates;
    expect((await tom(`replay ${Happened.topic} --group task-service --from start`)).code).toBe(0);
    await eventually('the repetition', () => consumer.stats().duplicates - before === plan['messages']);
    expect(handled).toEqual([-1]);
    expect(await tom('replay tom.nothing --group x --from start')).toMatchObject({ code: 1 });
    expect(await tom(`replay ${Happened.topic} --group x --from start`)).toMatchObject({ code: 1 });
    expect(await tom(`replay ${Happened.topic} --group x --from monday`)).toMatchObject({ code: 2 });
    expect(await tom(`replay ${Happened.topic} --group x --from 2999-01-01T00:00:00Z`)).toMatchObject({ code: 2 });
  });

  it('outbox tells what waits and since when', async () => {
    const insert = `insert into outbox (topic, key, headers, value, created_at) values ('t', 'k', '{}', '{}', now() - interval '3 hours')`;
    // Nobody relays here: copies of dead letters still wait.
    await tasks.database.query(sql('t.clear', 'delete from outbox'));
    await tasks.database.query(sql('t.wait', insert));
    expect((await tom('outbox')).out).toMatch(/^task-service +1 +3 h$/m);
  });
});

describe('templates validate', () => {
  it('takes those of the configuration, and names file, line and column of what is wrong', async () => {
    expect(await tom('templates validate')).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'bad.yaml'), 'key: bad\nversion: 1\ndescription: x\nqueue: NOWHERE\n');
    const bad = await tom('templates validate bad.yaml');
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^bad\.yaml:4:1: /m);
    expect((await tom('templates validate bad.yaml --json')).json()).toMatchObject({ valid: false });
    expect(await tom('templates validate --config nowhere')).toMatchObject({ code: 1 });
  });

  it('finds rules that never end or never fire, with those of the configuration around; a suspicion is no failure', async () => {
    const rule = (condition: string) =>
      'key: tried\nversion: 1\ndescription: x\nrules:\n  - key: r\n    on: TaskCreated\n' +
      `    condition: ${condition}\n    do: [{ create_task: { type: GENERAL, title: x, queue: SALES_OPS, role: ops, due_in_working_days: 1, priority: LOW } },\n` +
      '      { start_template: { key: work_lead } }]\n';
    const tried = (condition: string) => {
      writeFileSync(join(folder, 'tried.yaml'), rule(condition));
      return tom('templates validate tried.yaml');
    };
    const endless = await tried("event.task_type == 'GENERAL'");
    expect(endless).toMatchObject({ code: 1 });
    expect(endless.out).toMatch(/^tried\.yaml:6:9: The rule never ends: r does create_task/m);
    expect((await tried("event.queue == 'SALES_OPS' && event.queue == 'INSIDE_SALES'")).out).toMatch(/^tried\.yaml:7:\d+: The rule r can never fire: /m);
    const suspected = await tried("re2(event.task_type, 'GENERAL')");
    expect(suspected.out).toMatch(/^tried\.yaml:6:9: warning: The rule may never end: /m);
    expect(suspected).toMatchObject({ code: 0 });
    expect((await tom('templates validate tried.yaml --json')).json()).toMatchObject({ valid: true, problems: [{ severity: 'warning' }] });
  });
});

describe('tom', () => {
  it('has help for every command, and exit code 2 for what it does not understand', async () => {
    expect(await tom('')).toMatchObject({ code: 2 });
    expect(await tom('--help')).toMatchObject({ code: 0, err: '' });
    for (const { words } of commands) {
      const help = await tom(`${words} --help`);
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out).toContain('--json');
    }
    for (const wrong of ['dlq', 'fly', 'lag --fast', 'lag now', 'dlq list --limit 0', 'dlq list --group x', 'timeline rebuild --org x', 'dlq show x'])
      expect(await tom(wrong), wrong).toMatchObject({ code: 2, out: '' });
  });

  it('says in one line why the system cannot be reached', async () => {
    const nothing = { TASK_DATABASE_URL: '', EVENT_LOG_URL: '' };
    for (const [args, environment, reason] of [
      ['lag', nothing, 'EVENT_LOG_URL is not set, and no local system runs on'],
      ['dlq list', { TASK_DATABASE_URL: 'postgres://127.0.0.1:1/x' }, 'the database of task-service cannot be reached'],
      ['dlq list', { TASK_DATABASE_URL: 'nonsense' }, 'TASK_DATABASE_URL is not a Postgres URL'],
      ['dlq list', { TASK_DATABASE_URL: '', TASK_DATABASE_URL_FILE: '/nowhere' }, 'the file that TASK_DATABASE_URL_FILE names cannot be read'],
      ['timeline rebuild', {}, 'the database of activity-service lacks a table'],
    ] as const) {
      const { code, out, err } = await tom(args, environment);
      expect([code, out], args).toEqual([1, '']);
      expect(err).toContain(`error: ${reason}`);
      expect(err.split('\n')).toHaveLength(1);
    }
  });

  it('finds the local system by what it wrote into its data folder, for its owner alone', async () => {
    const dataDir = openDataDir(join(folder, 'data'));
    const remove = writeConnections(dataDir, 1);
    const file = join(dataDir.path, connectionsFile);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const environment = { TASK_DATABASE_URL: '', TOM_DATA_DIR: dataDir.path };
    expect((await tom('dlq list --group task', environment)).err).toContain('cannot be reached: connect ECONNREFUSED 127.0.0.1:1');
    remove();
    expect((await tom('dlq list --group task', environment)).err).toContain('is not set');
    dataDir.release();
  });
});

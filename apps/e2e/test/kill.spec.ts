import type { Stack } from '@tom/tools/stack';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../src/api.ts';
import { persistent } from '../src/persistent.ts';
import { seeded, seedOfRun } from '../src/seeded.ts';
import { startSystem } from '../src/start-system.ts';

/** On Kafka the same with less of it: what differs there is the log, and the whole check must not take for ever. */
const ACTIVITIES = process.env['TOM_TRANSPORT'] === 'kafka' ? 1_500 : 3_000;
const CONNECTIONS = 16;
const KILLS = 10;
const DRAINED_WITHIN_MS = 30_000;
const VICTIMS = ['stage-service', 'activity-service', 'task-service', 'workflow-service', 'gateway'] as const;

let stack: Stack;
beforeAll(async () => {
  stack = await startSystem({ environment: { RATE_LIMIT_PER_MINUTE: '0' } });
});
afterAll(() => stack.stop());

async function query<R extends pg.QueryResultRow>(database: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: stack.postgres.url(database) });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

it('every acknowledged activity has exactly one CALL_BACK, whatever is killed', async () => {
  const random = seeded(seedOfRun());
  const { post } = persistent(stack.url, await stack.token('ida'));

  const orgs: string[] = [];
  for (let n = 0; n < 20; n += 1) {
    const { orgId } = await post('/orgs', { name: `Kunde ${n}`, status: 'customer' }, `org-${n}`);
    orgs.push(orgId ?? '');
  }
  const acknowledged = new Map<string, string>();
  const base = Date.now() + 86_400_000;
  let sent = 0;
  async function client(): Promise<void> {
    while (sent < ACTIVITIES) {
      const n = (sent += 1);
      const followUpAt = new Date(base + n * 1_000).toISOString();
      const body = { activityType: 'CALL', outcomeCode: 'NO_ANSWER', followUpAt };
      const { activityId } = await post(`/orgs/${orgs[n % orgs.length]}/activities`, body, `activity-${n}`);
      acknowledged.set(activityId ?? '', followUpAt);
    }
  }
  async function killer(): Promise<void> {
    for (let n = 1; n <= KILLS; n += 1) {
      await until('progress', async () => sent, (now) => now >= (n * ACTIVITIES) / (KILLS + 1), 120_000);
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'task-service';
      await stack.kill(victim).catch(() => undefined);
    }
  }
  await Promise.all([killer(), ...Array.from({ length: CONNECTIONS }, client)]);
  expect(acknowledged.size).toBe(ACTIVITIES);

  await stack.ready(30_000);
  const count = async () => (await query<{ n: number }>('task_db', `select count(*)::int as n from task where task_type = 'CALL_BACK'`))[0]?.n;
  await until('all call-backs', count, (n) => n === ACTIVITIES, DRAINED_WITHIN_MS);
  const made = await query<{ activity: string; due: Date }>(
    'task_db', `select source_activity_id as activity, due_at as due from task where task_type = 'CALL_BACK'`,
  );
  expect(new Set(made.map(({ activity }) => activity)).size).toBe(ACTIVITIES);
  for (const { activity, due } of made) expect(due.toISOString()).toBe(acknowledged.get(activity));
  const logged = await query<{ n: number }>('activity_db', 'select count(*)::int as n from activity');
  expect(logged[0]?.n).toBe(ACTIVITIES);
  await until('the links back', async () => (await query<{ n: number }>('activity_db', 'select count(*)::int as n from activity where follow_up_task_id is null'))[0]?.n,
    (n) => n === 0, DRAINED_WITHIN_MS);
  for (const database of ['activity_db', 'task_db', 'stage_db', 'workflow_db']) {
    expect(await query(database, 'select error from dead_letter')).toEqual([]);
    await until(`the outbox of ${database} to be empty`, () => query<{ n: number }>(database, 'select count(*)::int as n from outbox'), ([row]) => row?.n === 0, DRAINED_WITHIN_MS);
  }
}, 300_000);

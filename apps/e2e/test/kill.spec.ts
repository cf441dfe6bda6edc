import type { Stack } from '@tom/tools/stack';
import { randomInt } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../src/api.ts';
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

/** A small generator with a seed (mulberry32), so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

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
  const seed = Number(process.env['TOM_SEED'] ?? randomInt(1, 1_000_000));
  console.log(`TOM_SEED=${seed}`);
  const random = seeded(seed);
  const token = await stack.token('ida');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

  // Like any client that wants its call logged: the same key again until somebody says that it is.
  async function post(path: string, body: unknown, key: string): Promise<Record<string, string>> {
    for (let attempt = 1; attempt <= 200; attempt += 1) {
      try {
        const response = await fetch(`${stack.url}/api/v1${path}`, {
          method: 'POST',
          headers: { ...headers, 'idempotency-key': key },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(10_000),
        });
        if (response.ok) return (await response.json()) as Record<string, string>;
        const refusal = await response.text();
        if (response.status < 500) throw Object.assign(new Error(`${response.status} ${refusal}`), { final: true });
      } catch (error) {
        if (error instanceof Error && 'final' in error) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${path} was not acknowledged after 200 attempts`);
  }

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

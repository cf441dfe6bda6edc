import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { startStack, type Stack } from '@tom/tools/stack';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until } from '../src/api.ts';

const CLIENTS = 12;
const APPS = ['stage-service', 'activity-service', 'task-service', 'workflow-service', 'gateway'] as const;

let stack: Stack;
let token: string;
let orgId: string;
beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false, environment: { RATE_LIMIT_PER_MINUTE: '0' } });
  token = await stack.token('ida');
  const { body } = await api(stack.url, token).post<{ orgId: string }>('/orgs', { name: 'Dauerlauf GmbH', status: 'customer' });
  orgId = body.orgId;
});
afterAll(() => stack.stop());

interface Answered { readonly outcome: string; readonly activityId?: string }

/** One request on a connection that is kept; a failure says whether an answer had begun. */
function send(agent: Agent, method: string, path: string, body?: object): Promise<Answered> {
  return new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { authorization: `Bearer ${token}`, ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}) };
    const sent = request(`${stack.url}/api/v1${path}`, { method, agent, headers }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      response.once('error', () => resolve({ outcome: 'cut off in the middle' }));
      response.once('end', () => {
        const { activityId } = (answer ? JSON.parse(answer) : {}) as { activityId?: string };
        resolve({ outcome: String(response.statusCode), ...(response.statusCode === 201 && activityId ? { activityId } : {}) });
      });
    });
    sent.once('error', (error: NodeJS.ErrnoException) => resolve({ outcome: error.code ?? error.message }));
    sent.end(text);
  });
}

/** Reads and writes without a pause until it is told to end. */
function startLoad() {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const outcomes = new Map<string, number>();
  const acknowledged: string[] = [];
  let over = false;
  const call = { activityType: 'CALL', outcomeCode: 'NO_ANSWER', followUpAt: new Date(Date.now() + 86_400_000).toISOString() };
  const asks = [
    () => send(agent, 'POST', `/orgs/${orgId}/activities`, call),
    () => send(agent, 'GET', `/orgs/${orgId}`),
    () => send(agent, 'GET', '/cases'),
    () => send(agent, 'GET', '/queues'),
  ];
  const client = async (from: number) => {
    for (let n = from; !over; n += 1) {
      const { outcome, activityId } = await asks[n % asks.length]!();
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (activityId) acknowledged.push(activityId);
      if (!/^2/.test(outcome)) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_none, n) => client(n)));
  return {
    async stop() {
      over = true;
      await clients;
      agent.destroy();
      return { outcomes, acknowledged };
    },
  };
}

const lives = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function query<R extends pg.QueryResultRow>(database: string, text: string, values: unknown[] = []): Promise<R[]> {
  const client = new pg.Client({ connectionString: stack.postgres.url(database) });
  await client.connect();
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}

const membersOf = async (group: string) =>
  (await query<{ id: string }>('event_log_db', 'select id from log_member where group_name = $1', [group])).map(({ id }) => id);
const logOf = (app: string) => readFileSync(join(stack.logs, `${app}.log`), 'utf8');

describe('SIGTERM under load', () => {
  it.each(APPS)('ends %s in good order, and it is taken up again', async (app) => {
    // The gateway may still wait before it looks again for the one that was ended before.
    const ida = api(stack.url, token);
    const all = () => Promise.all(['/orgs', '/cases', '/queues', '/my/day'].map((path) => ida.get(path)));
    await until('all services', all, (answers) => answers.every(({ status }) => status === 200));
    const load = startLoad();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const pid = stack.processes()[app] ?? 0;
    const members = await membersOf(app);
    const logged = logOf(app).length;
    const begun = performance.now();
    await stack.kill(app, 'SIGTERM');
    await until('its end', async () => lives(pid), (living) => !living, 15_000);
    const tookMs = performance.now() - begun;
    const stayed = (await membersOf(app)).filter((id) => members.includes(id));
    await stack.ready();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { outcomes, acknowledged } = await load.stop();
    console.log(`${app}: ended after ${tookMs.toFixed(0)} ms; ${JSON.stringify(Object.fromEntries(outcomes))}`);

    expect(tookMs).toBeLessThan(10_000);
    expect(members).toHaveLength(app === 'gateway' ? 0 : 1);
    expect(stayed).toEqual([]);
    expect(logOf(app).slice(logged)).not.toMatch(/left behind|failed to stop|did not stop in time|"level":"error"/);
    // A service that is away is 503. Of the gateway's connections, idle ones close while a client may just be writing.
    const allowed = app === 'gateway' ? ['200', '201', 'ECONNREFUSED', 'ECONNRESET'] : ['200', '201', '503'];
    expect([...outcomes.keys()].filter((outcome) => !allowed.includes(outcome))).toEqual([]);
    expect(outcomes.get('ECONNRESET') ?? 0).toBeLessThanOrEqual(CLIENTS);
    const kept = await query<{ n: number }>('activity_db', 'select count(*)::int as n from activity where activity_id = any($1::uuid[])', [acknowledged]);
    expect(kept[0]?.n).toBe(acknowledged.length);
  });
});

import type { Stack } from '@tom/tools/stack';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';
import { startSystem } from '../src/start-system.ts';

const ACTIVITIES = 400;
const TASKS = 120;

let stack: Stack;
let ida: Api;
beforeAll(async () => {
  stack = await startSystem({ instances: 2 });
  ida = api(stack.url, await stack.token('ida'));
});
afterAll(() => stack.stop());

async function rows<R extends pg.QueryResultRow>(database: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: stack.postgres.url(database) });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('two instances of every service', () => {
  it('share the work, and one goes on when the other is killed: exactly one call-back each', async () => {
    const created = await ida.post<{ orgId: string }>('/orgs', { name: 'Zwilling GmbH', status: 'customer' });
    const { orgId } = created.body;
    const acknowledged = new Map<string, string>();
    const log = async (n: number) => {
      const followUpAt = new Date(Date.now() + 86_400_000 + n * 1_000).toISOString();
      const body = { activityType: 'CALL', outcomeCode: 'NO_ANSWER', followUpAt };
      const answer = await ida.post<{ activityId: string }>(`/orgs/${orgId}/activities`, body, { 'idempotency-key': `twin-${n}` });
      if (answer.status === 201) acknowledged.set(answer.body.activityId, followUpAt);
      else if (answer.status === 503) await log(n);
      else throw new Error(`POST answered ${answer.status}`);
    };
    let next = 0;
    const logging = Array.from({ length: 8 }, async () => {
      while (next < ACTIVITIES) {
        const n = (next += 1);
        if (n === 100) await stack.kill('task-service');
        if (n === 200) await stack.kill('activity-service-2');
        if (n === 300) await stack.kill('task-service-2');
        await log(n);
      }
    });
    await Promise.all(logging);
    const tasks = () =>
      rows<{ activity: string; due: Date }>('task_db', `select source_activity_id as activity, due_at as due from task`);
    const made = await until('all call-backs', tasks, (found) => found.length >= acknowledged.size, 30_000);
    expect(new Map(made.map(({ activity, due }) => [activity, due.toISOString()]))).toEqual(acknowledged);
    expect(made).toHaveLength(ACTIVITIES);
  });

  it('give each task to one person, whichever instance is asked', async () => {
    const { body } = await ida.post<{ orgId: string }>('/orgs', { name: 'Drilling GmbH', status: 'customer' });
    for (let n = 0; n < TASKS; n += 1) {
      const task = { orgId: body.orgId, taskType: 'GENERAL', title: `Aufgabe ${n}`, assignedQueue: 'SALES_OPS' };
      expect((await ida.post('/tasks', task)).status).toBe(201);
    }
    const people = await Promise.all(['olga', 'mia'].map(async (user) => api(stack.url, await stack.token(user))));
    const given: string[] = [];
    await Promise.all(
      Array.from({ length: 12 }, async (_entry, n) => {
        const person = people[n % people.length] as Api;
        for (;;) {
          const answer = await person.post<{ task: { taskId: string } }>('/queues/SALES_OPS/claim-next', {});
          if (answer.status === 204) return;
          expect(answer.status).toBe(200);
          given.push(answer.body.task.taskId);
        }
      }),
    );
    expect(given).toHaveLength(TASKS);
    expect(new Set(given).size).toBe(TASKS);
  });

  it('have one active relay for each database, taken over within seconds', async () => {
    await stack.kill('stage-service');
    await stack.kill('stage-service-2');
    const created = await until('a company', () => ida.post<{ orgId: string }>('/orgs', { name: 'Vierling GmbH' }), ({ status }) => status === 201, 20_000);
    const org = () => ida.get<{ currentStage: string }>(`/orgs/${created.body.orgId}`);
    await until('the template to move it', org, ({ body }) => body.currentStage === 'QUALIFYING', 20_000);
  });
});

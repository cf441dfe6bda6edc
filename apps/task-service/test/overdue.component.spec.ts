import { loadCatalog } from '@tom/catalog';
import { createOutbox } from '@tom/messaging';
import { sql } from '@tom/postgres';
import { eventually } from '@tom/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskTable } from '../src/adapters/task-table.ts';
import { tellOverdueTasks } from '../src/use-cases/tell-overdue-tasks.ts';
import { NOON, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

const HOUR = 3_600_000;
const later = (milliseconds: number) => new Date(new Date(NOON).getTime() + milliseconds).toISOString();
const overdueOf = async (orgId: string) =>
  (await system.told(orgId)).filter(({ type }) => type.endsWith('.TaskBecameOverdue'));

async function becomesOverdue(orgId: string, times: number) {
  await eventually(async () => {
    const found = (await overdueOf(orgId)).length;
    if (found !== times) throw new Error(`told ${found} times`);
  });
}

/** The service looks every second; another task that it has told of shows that it has looked. */
async function looked() {
  const orgId = system.org();
  await system.task({ orgId, dueAt: later(-1) });
  await becomesOverdue(orgId, 1);
}

describe('a task whose due date passes', () => {
  it('is told of once, also when nobody touches it and whoever has it', async () => {
    const orgId = system.org();
    const task = await system.task({ orgId, dueAt: later(HOUR) });
    await system.client.claimTask({ taskId: task.taskId }, system.ingo());
    await looked();
    expect(await overdueOf(orgId)).toEqual([]);
    system.clock.advance(HOUR);
    await becomesOverdue(orgId, 1);
    await looked();
    expect(await overdueOf(orgId)).toMatchObject([
      { revision: 3, actor: 'service:task-service', depth: 0, data: { task: { taskId: task.taskId, status: 'OPEN' } } },
    ]);
    system.clock.set(NOON);
  });

  it('is told of again when it was moved and passes once more', async () => {
    const orgId = system.org();
    const task = await system.task({ orgId, dueAt: later(-HOUR) });
    await becomesOverdue(orgId, 1);
    await system.client.rescheduleTask({ taskId: task.taskId, dueAt: later(-HOUR / 2) }, system.ida());
    await becomesOverdue(orgId, 2);
  });

  it('is not told of once it is done or cancelled', async () => {
    const orgId = system.org();
    const done = await system.task({ orgId, dueAt: later(HOUR) });
    await system.client.completeTask({ taskId: done.taskId }, system.ida());
    system.clock.advance(2 * HOUR);
    await looked();
    expect(await overdueOf(orgId)).toEqual([]);
    system.clock.set(NOON);
  });

  it('is told of once with two instances side by side, however many there are', async () => {
    const orgId = system.org();
    const rows = 450;
    await system.database.query(
      sql(
        'test.overdue',
        `insert into task (task_id, org_id, task_type, title, assigned_queue, assignee_role, priority, status, origin, version,
           revision, created_at, created_by, updated_at, updated_by, due_at, priority_rank, due_day)
         select gen_random_uuid(), $1, 'GENERAL', 'x', 'INSIDE_SALES', 'inside_sales', 'NORMAL', 'OPEN', 'PERSON', 1, 1, $2,
           'ida', $2, 'ida', $2, 1, $2 from generate_series(1, $3::int)`,
      ),
      [orgId, later(-HOUR), rows],
    );
    const { database, clock } = system;
    const outbox = createOutbox({ source: 'task-service', clock, histories: { task: 'task_history' } });
    const deps = { database, clock, outbox, tasks: taskTable(loadCatalog(system.config.configDir)) };
    await Promise.all([tellOverdueTasks(deps), tellOverdueTasks(deps)]);
    await becomesOverdue(orgId, rows);
    const told = new Set((await overdueOf(orgId)).map(({ data }) => data.task.taskId));
    expect(told.size).toBe(rows);
  });
});

import type { ListTasksRequest, WorkLoad } from '@tom/contracts/tom/task/v1/task_service';
import { newId } from '@tom/kernel';
import { sql } from '@tom/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System } from './system.ts';

// NOON is Tuesday, 10 March 2026, 12:00 in Berlin.
let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

const DAY_MS = 86_400_000;
const loadOf = (items: readonly WorkLoad[], key: string) => items.find((item) => item.key === key);
const list = async (given: Partial<ListTasksRequest>) =>
  (await system.client.listTasks({ statuses: [], taskTypes: [], pageSize: 200, ...given }, system.ida())).items.map(({ task }) => task?.title).sort();

async function aged(title: string, days: number, given: object = {}): Promise<string> {
  const { taskId } = await system.task({ title, assignedQueue: 'OUTSIDE_SALES', ...given }, system.mia());
  await system.database.query(sql('test.age', `update task set created_at = created_at - $2 * interval '1 day' where task_id = $1`), [taskId, days]);
  return taskId;
}

describe('the report of the queues', () => {
  it('tells load, age and what was done by queue and day, and the same tasks can be listed', async () => {
    await aged('new', 0.5, { dueAt: '2026-03-10T15:00:00.000Z' });
    await aged('of last week', 5, { dueAt: '2026-03-09T15:00:00.000Z' });
    await aged('old', 45);
    const done = await aged('done', 10);
    await system.client.completeTask({ taskId: done }, system.mia());
    const report = await system.client.getQueuesReport({}, system.ida());
    expect(report.span).toMatchObject({ from: '2026-02-09', to: '2026-03-10' });
    const load = loadOf(report.items, 'OUTSIDE_SALES');
    expect(load).toMatchObject({ open: 3, due: { overdue: 1, today: 1, week: 0, later: 1 }, unassigned: 3, done: 1, oldestDueAt: '2026-03-09T15:00:00.000Z' });
    expect(load?.ages.map(({ daysFrom, tasks }) => [daysFrom, tasks])).toEqual([[0, 1], [1, 0], [3, 1], [7, 0], [14, 0], [30, 1]]);
    expect(load?.doneByDay).toMatchObject([{ date: '2026-03-10', count: 1 }]);
    const [, , week, , , month] = load?.ages ?? [];
    const open = { queue: 'OUTSIDE_SALES', statuses: ['OPEN', 'IN_PROGRESS'] };
    expect(await list({ ...open, createdFrom: week?.createdFrom, createdTo: week?.createdTo })).toEqual(['of last week']);
    expect(await list({ ...open, createdFrom: month?.createdFrom, createdTo: month?.createdTo })).toEqual(['old']);
    const [day] = load?.doneByDay ?? [];
    expect(await list({ queue: 'OUTSIDE_SALES', statuses: ['DONE'], closedFrom: day?.begins, closedTo: day?.ends, closedBy: 'mia' })).toEqual(['done']);
    expect(report.items.map(({ key }) => key)).toEqual(['INSIDE_SALES', 'SALES_OPS', 'OUTSIDE_SALES', 'CUSTOMER_INBOUND', 'ORDER_ADMIN']);
  });

  it('tells the load by person, tasks of nobody included', async () => {
    const given = { assignedQueue: 'CUSTOMER_INBOUND' };
    const mine = await system.task({ title: 'mine', dueAt: '2026-03-12T08:00:00.000Z', ...given }, system.mia());
    await system.client.claimTask({ taskId: mine.taskId }, system.mia());
    const report = await system.client.getQueuesReport({ by: 'person' }, system.ida());
    expect(loadOf(report.items, 'mia')).toMatchObject({ open: 1, due: { overdue: 0, today: 0, week: 1, later: 0 }, done: 1 });
    const nobody = report.items.find(({ key }) => key === undefined);
    expect(nobody?.unassigned).toBe(nobody?.open);
    const open = { statuses: ['OPEN', 'IN_PROGRESS'] };
    expect(await list({ ...open, assignee: 'mia', dueFrom: report.endOfToday, dueTo: report.endOfWeek })).toEqual(['mine']);
    expect(await list({ ...open, assignee: '' })).toHaveLength(nobody?.open ?? -1);
    // Without a due date: later.
    expect(await list({ ...open, assignee: '', dueFrom: report.endOfWeek })).toContain('old');
  });

  it('is refused with everything that is wrong, and to those without a role', async () => {
    const invalid = (...paths: string[]) => ({ code: 'INVALID', details: { violations: paths.map((path) => ({ path })) } });
    await expect(system.client.getQueuesReport({ by: 'moon' }, system.ida())).rejects.toMatchObject(invalid('by'));
    await expect(system.client.getQueuesReport({ from: '2026-03-10', to: '2026-03-09' }, system.ida())).rejects.toMatchObject(invalid('to'));
    await expect(system.client.getQueuesReport({}, system.call('nobody', []))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(list({ queue: 'MOON', createdFrom: '1700-01-01T00:00:00.000Z', dueTo: '1700-01-01T00:00:00.000Z' })).rejects.toMatchObject(invalid('queue', 'createdFrom', 'dueTo'));
  });
});

describe('what a template’s tasks are like', () => {
  it('is told by version and part: open now, and how long those took that are done', async () => {
    const made = async (version: number, hours?: number) => {
      const { taskId } = await system.task({ title: 'of a template' }, system.mia());
      await system.database.query(
        sql('test.source', `update task set source_template = 'probe', source_version = $2, source_rule = 'start', source_task_key = 'call' where task_id = $1`),
        [taskId, version],
      );
      if (hours === undefined) return;
      await system.client.completeTask({ taskId }, system.mia());
      await system.database.query(sql('test.took', `update task set created_at = closed_at - $2 * interval '1 hour' where task_id = $1`), [taskId, hours]);
    };
    for (const hours of [1, 3, 26]) await made(1, hours);
    await made(1);
    await made(2);
    const { items } = await system.client.getTemplateTaskStats({ template: 'probe' }, system.ida());
    expect(items.sort((a, b) => a.version - b.version)).toEqual([
      { version: 1, rule: 'start', taskKey: 'call', taskType: 'GENERAL', open: 1, done: 3, medianSeconds: 3 * 3600 },
      { version: 2, rule: 'start', taskKey: 'call', taskType: 'GENERAL', open: 1, done: 0, medianSeconds: undefined },
    ]);
    expect(await list({ template: 'probe', taskKey: 'call', statuses: ['OPEN'] })).toHaveLength(2);
    system.clock.advance(100 * DAY_MS);
    const later = await system.client.getTemplateTaskStats({ template: 'probe' }, system.ida());
    expect(later.items.map(({ done }) => done)).toEqual([0, 0]);
    expect((await system.client.getTemplateTaskStats({ template: newId() }, system.ida())).items).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as messages from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { sql } from '@tom/postgres';
import { activityEvent, activityOf, orgOf, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

const BEFORE = '2026-03-10T10:59:00.000Z';
const AFTER = '2026-03-10T11:00:01.000Z';
const template = { time: BEFORE, actor: 'template:qualify_company', revision: 0 };

const newTask = (given: object = {}) => ({
  taskId: newId(), taskType: 'FIRST_OUTREACH', title: 'Erstkontakt versuchen', assignedQueue: 'INSIDE_SALES',
  assigneeRole: 'inside_sales', priority: 'NORMAL', dueAt: '2026-03-12T17:00:00.000Z', dueIsEndOfDay: true, origin: 'TEMPLATE',
  source: { template: 'qualify_company', version: 3, rule: 'start', taskKey: 'first_outreach' }, ...given,
});
const statuses = async (orgId: string) => {
  await system.settled();
  return Object.fromEntries((await system.tasksOf(orgId)).map(({ taskId, status }) => [taskId, status]));
};
const told = async (orgId: string) => (await system.told(orgId)).map(({ type }) => type.split('.').at(-1));
const create = (orgId: string, tasks: ReturnType<typeof newTask>[], given: object = {}, meta: object = {}) =>
  system.publish(messages.CreateTasks, orgId, { orgId, tasks, ...given }, { ...template, ...meta });

describe('CreateTasks', () => {
  it('creates each task once, with its template in the event', async () => {
    const [orgId, caseId] = [newId(), newId()];
    const tasks = [newTask(), newTask({ taskType: 'IDENTIFY_CONTACT' })];
    const command = await create(orgId, tasks, { caseId });
    await system.republish(messages.CreateTasks, command);
    await create(orgId, tasks, { caseId });
    expect(await statuses(orgId)).toEqual({ [tasks[0]?.taskId ?? '']: 'OPEN', [tasks[1]?.taskId ?? '']: 'OPEN' });
    const events = await system.told(orgId);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      type: 'tom.task.v1.TaskCreated', actor: 'template:qualify_company', template: 'qualify_company', templateVersion: 3,
      rule: 'start', causationId: command.id, correlationId: command.correlationId,
    });
    const [task] = await system.tasksOf(orgId);
    expect(task).toMatchObject({ caseId, dueIsEndOfDay: true, createdAt: BEFORE, origin: 'TEMPLATE', version: 1 });
  });

  it('keeps what a person did to the task meanwhile', async () => {
    const orgId = newId();
    const task = newTask();
    await create(orgId, [task]);
    await system.settled();
    await system.client.completeTask({ taskId: task.taskId }, system.ida());
    await create(orgId, [task]);
    expect(await statuses(orgId)).toEqual({ [task.taskId]: 'DONE' });
  });

  it('lets a task be born cancelled when its case or company was cancelled already', async () => {
    const [orgId, caseId] = [newId(), newId()];
    const [late, fresh, caseless] = [newTask(), newTask(), newTask()];
    await system.publish(messages.CancelCaseTasks, orgId, { orgId, caseId, reason: 'CASE_CLOSED', knownOpenTaskIds: [], caseGoesOn: false, taskTypes: [] }, template);
    await create(orgId, [late], { caseId });
    expect(await statuses(orgId)).toEqual({ [late.taskId]: 'CANCELLED' });
    expect(await told(orgId)).toEqual(['TaskCreated', 'TaskCancelled']);

    await system.publish(messages.CancelOrgTasks, orgId, { orgId, before: AFTER, reason: 'x', knownOpenTaskIds: [] }, template);
    await create(orgId, [caseless]);
    await create(orgId, [fresh], {}, { time: '2026-03-10T11:00:02.000Z' });
    expect(await statuses(orgId)).toMatchObject({ [caseless.taskId]: 'CANCELLED', [fresh.taskId]: 'OPEN' });
  });
});

describe('CancelCaseTasks', () => {
  it('cancels what the template still has open; the next step stays, with its person', async () => {
    const [orgId, caseId] = [system.org(), newId()];
    system.elsewhere.cases.set(caseId, orgId);
    const [open, done] = [newTask(), newTask()];
    await create(orgId, [open, done], { caseId });
    const { type, envelope } = activityEvent(activityOf(orgId, { followUpAt: AFTER, caseId, queue: 'INSIDE_SALES' }), 1);
    await system.republish(type, envelope);
    await system.settled();
    await system.client.completeTask({ taskId: done.taskId }, system.ida());
    const own = await system.task({ orgId, caseId });
    const command = await system.publish(
      messages.CancelCaseTasks, orgId, { orgId, caseId, reason: 'CASE_CLOSED', knownOpenTaskIds: [open.taskId], caseGoesOn: false, taskTypes: [] }, template,
    );
    await system.republish(messages.CancelCaseTasks, command);
    const now = await statuses(orgId);
    expect(now).toMatchObject({ [open.taskId]: 'CANCELLED', [done.taskId]: 'DONE', [own.taskId]: 'OPEN' });
    expect(Object.values(now).filter((status) => status === 'OPEN')).toHaveLength(2);
    const cancelled = (await system.told(orgId)).filter(({ type: name }) => name.endsWith('TaskCancelled'));
    expect(cancelled).toHaveLength(1);
    expect(cancelled[0]).toMatchObject({ causationId: command.id, data: { reason: 'CASE_CLOSED' }, actor: template.actor });
  });
});

describe('CancelOrgTasks', () => {
  it('cancels every open task from before it, also a call-back that arrives later', async () => {
    const orgId = system.org();
    const own = await system.task({ orgId });
    await system.publish(messages.CancelOrgTasks, orgId, { orgId, before: AFTER, reason: 'DISQUALIFIED', knownOpenTaskIds: [] }, template);
    await system.settled();
    system.clock.advance(2_000);
    const next = await system.task({ orgId });
    const late = activityEvent(activityOf(orgId, { followUpAt: '2026-04-01T08:00:00.000Z' }), 1);
    await system.republish(late.type, late.envelope);
    const now = await statuses(orgId);
    expect(now).toMatchObject({ [own.taskId]: 'CANCELLED', [next.taskId]: 'OPEN' });
    expect(Object.values(now).sort()).toEqual(['CANCELLED', 'CANCELLED', 'OPEN']);

    // Agreed on afterwards: a new one.
    const after = activityEvent(activityOf(orgId, { followUpAt: '2026-04-01T08:00:00.000Z', createdAt: '2026-03-10T11:00:03.000Z' }), 1);
    await system.republish(after.type, after.envelope);
    expect(Object.values(await statuses(orgId)).sort()).toEqual(['CANCELLED', 'CANCELLED', 'OPEN', 'OPEN']);
  });

  it('keeps the later instant when an earlier command comes late', async () => {
    const orgId = newId();
    for (const before of [AFTER, '2026-01-01T00:00:00.000Z']) {
      await system.publish(messages.CancelOrgTasks, orgId, { orgId, before, reason: 'x', knownOpenTaskIds: [] }, template);
    }
    const task = newTask();
    await create(orgId, [task]);
    expect(await statuses(orgId)).toEqual({ [task.taskId]: 'CANCELLED' });
  });
});

describe('what is known of companies', () => {
  const shown = async (taskId: string) => {
    await system.settled();
    return (await system.client.getTask({ taskId }, system.ida())).org;
  };

  it('is what the latest revision says, in whatever order they come', async () => {
    const { taskId, orgId } = await system.task();
    expect(await shown(taskId)).toMatchObject({ name: 'Asked GmbH' });
    const created = await system.publish(messages.OrgCreated, orgId, { org: orgOf(orgId, { name: 'Erst AG' }) });
    expect(await shown(taskId)).toEqual({ name: 'Erst AG', currentStage: 'QUALIFYING' });
    await system.publish(
      messages.OrgStageChanged,
      orgId,
      { orgId, toStage: 'CUSTOMER', changedAt: AFTER, stagesVersion: 1, org: orgOf(orgId, { name: 'Neu AG', currentStage: 'CUSTOMER', address: { city: 'Köln' } }) },
      { revision: 4 },
    );
    await system.publish(messages.OrgUpdated, orgId, { org: orgOf(orgId, { name: 'Alt AG' }), changedFields: ['name'] }, { revision: 3 });
    await system.republish(messages.OrgCreated, { ...created, id: newId() });
    expect(await shown(taskId)).toEqual({ name: 'Neu AG', city: 'Köln', currentStage: 'CUSTOMER' });
  });

  it('is cleared for good when the company is erased, with every text of its tasks, told and untold', async () => {
    const { taskId, orgId } = await system.task({ title: 'Herrn Geheim anrufen', description: 'Geheim' });
    await system.client.claimTask({ taskId }, system.ida({ idempotency: { key: 'k', route: `POST /tasks/${taskId}/claim` } }));
    await system.client.completeTask({ taskId, result: 'Geheim erreicht' }, system.ida());
    await system.told(orgId);
    await system.publish(messages.OrgErased, orgId, { orgId }, { revision: 5 });
    await system.settled();
    await system.publish(messages.OrgUpdated, orgId, { org: orgOf(orgId, { name: 'Geheim GmbH' }), changedFields: ['name'] }, { revision: 6 });
    const late = activityEvent(activityOf(orgId, { followUpAt: AFTER, subject: 'Geheim' }), 1);
    await system.republish(late.type, late.envelope);
    await system.settled();
    const view = await system.client.getTask({ taskId }, system.ida());
    expect(view.task).toMatchObject({ title: 'Allgemein', status: 'DONE' });
    expect(view.org?.name).toBeUndefined();
    for (const table of ['task', 'task_history', 'org', 'idempotency', 'dead_letter']) {
      const rows = await system.database.query(sql(`test.${table}`, `select to_jsonb(t)::text as row from ${table} t`));
      expect(rows.filter(({ row }) => String(row).includes('Geheim')), table).toEqual([]);
    }
  });
});

describe('a message that cannot be handled', () => {
  it('is put aside; other companies go on', async () => {
    const [bad, good] = [newId(), newId()];
    await system.publish(messages.CreateTasks, bad, { orgId: bad, tasks: [newTask({ taskId: 'no id' })] }, template);
    const task = newTask();
    await create(good, [task]);
    expect(await statuses(good)).toEqual({ [task.taskId]: 'OPEN' });
    const letters = await system.database.query(sql('test.letters', 'select reason from dead_letter where subject = $1'), [bad]);
    expect(letters).toHaveLength(1);
  });
});

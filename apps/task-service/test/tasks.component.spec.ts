import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrgErased } from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

const typesOf = async (orgId: string) => (await system.told(orgId)).map(({ type }) => type.split('.').at(-1));

describe('creating a task', () => {
  it('answers it with its defaults, its company and an event that carries it', async () => {
    const orgId = system.org();
    const view = await system.client.createTask(
      { orgId, taskType: 'GENERAL', title: 'Angebot nachfassen', assignedQueue: 'SALES_OPS', dueAt: '2026-03-01T09:00:00.000Z' },
      system.ida(),
    );
    expect(view.task).toMatchObject({
      orgId, title: 'Angebot nachfassen', assigneeRole: 'ops', priority: 'NORMAL', status: 'OPEN', origin: 'PERSON', version: 1,
      dueAt: '2026-03-01T09:00:00.000Z', dueIsEndOfDay: false, createdBy: 'ida',
    });
    expect(view.org).toEqual({ name: 'Asked GmbH', city: 'Ulm', currentStage: 'QUALIFYING' });
    expect(await system.client.getTask({ taskId: view.task?.taskId ?? '' }, system.olga())).toEqual(view);
    const [event] = await system.told(orgId);
    expect(event).toMatchObject({
      type: 'tom.task.v1.TaskCreated', revision: 1, actor: 'user:ida', depth: 0, data: { task: { taskId: view.task?.taskId } },
    });
  });

  it('names everything that is wrong at once', async () => {
    const refused = system.client.createTask(
      { orgId: 'x', taskType: 'NONSENSE', title: ' ', assignedQueue: 'NOWHERE', priority: 'TOP', dueAt: '1066-10-14T00:00:00Z', caseId: 'y' },
      system.ida(),
    );
    await expect(refused).rejects.toMatchObject({ code: 'INVALID' });
    const error = (await refused.catch((reason: unknown) => reason)) as { details: { violations: { path: string }[] } };
    expect(error.details.violations.map(({ path }) => path).sort()).toEqual(
      ['assignedQueue', 'caseId', 'dueAt', 'orgId', 'priority', 'taskType', 'title'],
    );
  });

  it('refuses a company, case or contact that does not exist or is another company’s, and makes nothing', async () => {
    const [orgId, other] = [system.org(), system.org()];
    const [caseId, contactId] = [newId(), newId()];
    system.elsewhere.cases.set(caseId, other);
    system.elsewhere.contacts.set(contactId, other);
    await expect(system.task({ orgId: newId() })).rejects.toMatchObject({ details: { violations: [{ path: 'orgId' }] } });
    await expect(system.task({ orgId, caseId, contactId })).rejects.toMatchObject({
      details: { violations: [{ path: 'caseId' }, { path: 'contactId' }] },
    });
    expect(await system.tasksOf(orgId)).toEqual([]);
    expect(await system.task({ orgId: other, caseId, contactId })).toMatchObject({ caseId, contactId });
  });

  it('does it once per key, also for twins at the same time, and refuses the key for another body', async () => {
    const orgId = system.org();
    const idempotency = { key: newId(), route: 'POST /tasks' };
    const request = { orgId, taskType: 'GENERAL', title: 'Once', assignedQueue: 'SALES_OPS' };
    const twins = await Promise.all([1, 2, 3].map(() => system.client.createTask(request, system.ida({ idempotency }))));
    expect(new Set(twins.map(({ task }) => task?.taskId)).size).toBe(1);
    expect(await system.client.createTask(request, system.ida({ idempotency }))).toEqual(twins[0]);
    expect(await system.tasksOf(orgId)).toHaveLength(1);
    await expect(
      system.client.createTask({ ...request, title: 'Twice' }, system.ida({ idempotency })),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    // A key is a person's own.
    await system.client.createTask(request, system.ingo({ idempotency }));
    expect(await system.tasksOf(orgId)).toHaveLength(2);
  });
});

describe('working a task', () => {
  it('claims, starts and completes it, each once, and tells each', async () => {
    const { taskId, orgId } = await system.task();
    const claimed = await system.client.claimTask({ taskId }, system.ida());
    expect(claimed.task).toMatchObject({ assignee: 'ida', status: 'OPEN', version: 1 });
    expect(await system.client.claimTask({ taskId }, system.ida())).toEqual(claimed);
    expect((await system.client.startTask({ taskId }, system.ida())).task?.status).toBe('IN_PROGRESS');
    const done = await system.client.completeTask({ taskId, result: 'Erledigt' }, system.ida());
    expect(done.task).toMatchObject({ status: 'DONE', result: 'Erledigt', closedAt: '2026-03-10T11:00:00.000Z' });
    expect(await system.client.completeTask({ taskId, result: 'Nochmal' }, system.ida())).toEqual(done);
    const told = await system.told(orgId);
    expect(told.map(({ type, revision }) => `${type.split('.').at(-1)} ${revision}`)).toEqual([
      'TaskCreated 1', 'TaskClaimed 2', 'TaskStarted 3', 'TaskCompleted 4',
    ]);
    const { type, data } = told[3] ?? {};
    expect({ type, data }).toMatchObject({ data: { task: { status: 'DONE', assignee: 'ida' } } });
  });

  it('says who has somebody else’s task', async () => {
    const { taskId } = await system.task();
    await system.client.claimTask({ taskId }, system.ida());
    const taken = { code: 'TASK_CLAIMED_BY', details: { by: 'ida', at: '2026-03-10T11:00:00.000Z' } };
    const { client } = system;
    await expect(client.claimTask({ taskId }, system.ingo())).rejects.toMatchObject(taken);
    await expect(client.startTask({ taskId }, system.ingo())).rejects.toMatchObject(taken);
    await expect(client.releaseTask({ taskId }, system.ingo())).rejects.toMatchObject(taken);
    await expect(client.completeTask({ taskId }, system.ingo())).rejects.toMatchObject(taken);
    await expect(client.cancelTask({ taskId, reason: 'x' }, system.ingo())).rejects.toMatchObject(taken);
    await expect(client.rescheduleTask({ taskId, dueAt: '2026-04-01T08:00:00Z' }, system.ingo())).rejects.toMatchObject(taken);
    await expect(client.claimTask({ taskId }, system.mia())).rejects.toMatchObject(taken);
    expect((await client.completeTask({ taskId }, system.mia())).task).toMatchObject({ status: 'DONE', assignee: 'ida' });
  });

  it('refuses what does not fit the status', async () => {
    const { taskId } = await system.task();
    const { client } = system;
    await expect(client.reopenTask({ taskId }, system.ida())).rejects.toMatchObject({ code: 'STATE_REFUSED', details: { state: 'OPEN' } });
    await client.cancelTask({ taskId, reason: 'Hinfällig' }, system.ida());
    const refused = { code: 'STATE_REFUSED', details: { state: 'CANCELLED' } };
    await expect(client.claimTask({ taskId }, system.ida())).rejects.toMatchObject(refused);
    await expect(client.startTask({ taskId }, system.ida())).rejects.toMatchObject(refused);
    await expect(client.releaseTask({ taskId }, system.ida())).rejects.toMatchObject(refused);
    await expect(client.completeTask({ taskId }, system.ida())).rejects.toMatchObject(refused);
    await expect(client.cancelTask({ taskId, reason: 'x' }, system.ida())).rejects.toMatchObject(refused);
    await expect(client.reassignTask({ taskId, userId: 'ingo' }, system.mia())).rejects.toMatchObject(refused);
    await expect(client.rescheduleTask({ taskId, dueAt: '2026-04-01T08:00:00Z' }, system.ida())).rejects.toMatchObject(refused);
    const open = await client.reopenTask({ taskId }, system.ida());
    expect(open.task).toMatchObject({ status: 'OPEN' });
    expect(open.task?.closedAt).toBeUndefined();
  });

  it('gives it back, and moves its due date, which is then an agreed time', async () => {
    const { taskId, orgId } = await system.task({ dueAt: '2026-03-11T17:00:00.000Z' });
    await system.client.startTask({ taskId }, system.ida());
    const released = await system.client.releaseTask({ taskId }, system.ida());
    expect(released.task).toMatchObject({ status: 'OPEN' });
    expect(released.task?.assignee).toBeUndefined();
    const moved = await system.client.rescheduleTask({ taskId, dueAt: '2026-03-20T08:00:00+01:00' }, system.ida());
    expect(moved.task).toMatchObject({ dueAt: '2026-03-20T07:00:00.000Z', version: 1 });
    const events = await system.told(orgId);
    expect(events.at(-1)).toMatchObject({ data: { previousDueAt: '2026-03-11T17:00:00.000Z' } });
    expect(await typesOf(orgId)).toEqual(['TaskCreated', 'TaskClaimed', 'TaskStarted', 'TaskReleased', 'TaskRescheduled']);
  });

  it('is for the role of its queue, and for whoever it was given to', async () => {
    const { taskId } = await system.task({ assignedQueue: 'SALES_OPS' });
    await expect(system.client.claimTask({ taskId }, system.ida())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(system.client.reassignTask({ taskId, userId: 'ida' }, system.olga())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(system.client.claimTask({ taskId }, system.service())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await system.client.reassignTask({ taskId, userId: 'ida' }, system.mia());
    expect((await system.client.completeTask({ taskId }, system.ida())).task?.status).toBe('DONE');
  });

  it('is reassigned to a queue with its role, unassigned unless a person is named', async () => {
    const { taskId, orgId } = await system.task();
    await system.client.startTask({ taskId }, system.ida());
    const moved = await system.client.reassignTask({ taskId, queue: 'OUTSIDE_SALES' }, system.mia());
    expect(moved.task).toMatchObject({ assignedQueue: 'OUTSIDE_SALES', assigneeRole: 'outside_sales', status: 'OPEN' });
    expect(moved.task?.assignee).toBeUndefined();
    expect((await system.told(orgId)).at(-1)).toMatchObject({
      type: 'tom.task.v1.TaskReassigned',
      data: { previousQueue: 'INSIDE_SALES', previousRole: 'inside_sales', previousAssignee: 'ida' },
    });
    await expect(system.client.reassignTask({ taskId }, system.mia())).rejects.toMatchObject({ code: 'INVALID' });
  });

  it('is given only to people who have signed in, whoever may give it', async () => {
    const { taskId, orgId } = await system.task();
    const unknown = (path: string) => ({ code: 'INVALID', details: { violations: [{ path }] } });
    for (const caller of [system.mia(), system.ida()]) {
      await expect(system.client.reassignTask({ taskId, userId: 'nobody' }, caller)).rejects.toMatchObject(unknown('userId'));
      const bulk = { action: 'reassign', taskIds: [taskId], userId: 'nobody' };
      await expect(system.client.bulkTasks(bulk, caller)).rejects.toMatchObject(unknown('userId'));
    }
    const given = { orgId, taskType: 'GENERAL', title: 'x', assignedQueue: 'INSIDE_SALES', assignee: 'late' };
    await expect(system.client.createTask(given, system.mia())).rejects.toMatchObject(unknown('assignee'));
    await system.client.getMe({}, system.call('late', ['inside_sales']));
    expect((await system.client.reassignTask({ taskId, userId: 'late' }, system.mia())).task).toMatchObject({ assignee: 'late' });
    expect((await system.client.createTask(given, system.mia())).task).toMatchObject({ assignee: 'late' });
  });

  it('is not made for a company whose data was erased, nor written anew; it can be ended', async () => {
    const { taskId, orgId } = await system.task();
    const unheard = system.org();
    const refused = { code: 'STATE_REFUSED', details: { state: 'ERASED' } };
    for (const erased of [orgId, unheard]) system.elsewhere.erased.add(erased);
    await system.publish(OrgErased, orgId, { orgId }, { revision: 5 });
    await system.settled();
    for (const erased of [orgId, unheard]) await expect(system.task({ orgId: erased })).rejects.toMatchObject(refused);
    await expect(system.task({ orgId, contactId: newId() })).rejects.toMatchObject({ code: 'INVALID' });
    const patch = { taskId, updateMask: ['title'], fields: { title: 'Neu' } };
    await expect(system.client.updateTask({ ...patch, version: 7 }, system.ida())).rejects.toMatchObject({ code: 'STALE_VERSION' });
    await expect(system.client.updateTask({ ...patch, version: 1 }, system.ida())).rejects.toMatchObject(refused);
    expect((await system.client.completeTask({ taskId }, system.ida())).task).toMatchObject({ status: 'DONE' });
    // Only the owner's answer refuses.
    system.elsewhere.erased.delete(orgId);
    await expect(system.task({ orgId })).resolves.toMatchObject({ orgId });
  });

  it('is unknown when its id is', async () => {
    for (const taskId of [newId(), 'nonsense']) {
      await expect(system.client.getTask({ taskId }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(system.client.claimTask({ taskId }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(system.client.reassignTask({ taskId, userId: 'ida' }, system.mia())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    // Whether one may comes before whether it is there; what is wrong with the request before both.
    await expect(system.client.claimTask({ taskId: newId() }, system.service())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(system.client.cancelTask({ taskId: newId(), reason: '' }, system.service())).rejects.toMatchObject({ code: 'INVALID' });
  });

  it('answers an action again under the same key, whatever happened since', async () => {
    const { taskId } = await system.task();
    const idempotency = { key: newId(), route: `POST /tasks/${taskId}/claim` };
    const first = await system.client.claimTask({ taskId }, system.ida({ idempotency }));
    await system.client.releaseTask({ taskId }, system.ida());
    expect(await system.client.claimTask({ taskId }, system.ida({ idempotency }))).toEqual(first);
    expect((await system.client.getTask({ taskId }, system.ida())).task?.assignee).toBeUndefined();
  });

  it('does not keep a refusal: the same key may be tried again', async () => {
    const { taskId } = await system.task();
    await system.client.claimTask({ taskId }, system.ingo());
    const idempotency = { key: newId(), route: `POST /tasks/${taskId}/claim` };
    await expect(system.client.claimTask({ taskId }, system.ida({ idempotency }))).rejects.toMatchObject({ code: 'TASK_CLAIMED_BY' });
    await system.client.releaseTask({ taskId }, system.ingo());
    expect((await system.client.claimTask({ taskId }, system.ida({ idempotency }))).task?.assignee).toBe('ida');
  });
});

describe('editing a task', () => {
  it('writes what the mask names, counts a version, and tells the fields', async () => {
    const { taskId, orgId } = await system.task({ description: 'Alt' });
    const changed = await system.client.updateTask(
      { taskId, version: 1, updateMask: ['title', 'description', 'waiting_for'], fields: { title: 'Neu', waitingFor: 'CUSTOMER' } },
      system.ida(),
    );
    expect(changed.task).toMatchObject({ title: 'Neu', waitingFor: 'CUSTOMER', version: 2 });
    expect(changed.task?.description).toBeUndefined();
    expect((await system.told(orgId)).at(-1)?.data).toMatchObject({ changedFields: ['title', 'description', 'waitingFor'] });
    const same = await system.client.updateTask({ taskId, version: 2, updateMask: ['title'], fields: { title: 'Neu' } }, system.ida());
    expect(same).toEqual(changed);
  });

  it('refuses a stale version with the task as it is; actions do not make one stale', async () => {
    const { taskId } = await system.task();
    const write = (version: number, title: string, caller = system.ida()) =>
      system.client.updateTask({ taskId, version, updateMask: ['title'], fields: { title } }, caller);
    await write(1, 'Zwei', system.ingo());
    await system.client.claimTask({ taskId }, system.ida());
    await expect(write(1, 'Drei')).rejects.toMatchObject({
      code: 'STALE_VERSION',
      details: { by: 'ingo', at: '2026-03-10T11:00:00.000Z', current: { task: { title: 'Zwei', version: 2, assignee: 'ida' } } },
    });
    expect((await write(2, 'Drei')).task).toMatchObject({ version: 3 });
  });

  it('names what cannot be written', async () => {
    const { taskId } = await system.task();
    const contactId = newId();
    await expect(
      system.client.updateTask({ taskId, version: 1, updateMask: ['status', 'title', 'priority'], fields: {} }, system.ida()),
    ).rejects.toMatchObject({ details: { violations: [{ path: 'status' }, { path: 'title' }, { path: 'priority' }] } });
    await expect(
      system.client.updateTask({ taskId, version: 1, updateMask: ['contact_id'], fields: { contactId } }, system.ida()),
    ).rejects.toMatchObject({ details: { violations: [{ path: 'contactId' }] } });
  });
});

describe('many at once', () => {
  it('does what it can and says for each what not', async () => {
    const [free, mine, taken] = [await system.task(), await system.task(), await system.task()];
    const ops = await system.task({ assignedQueue: 'SALES_OPS' });
    await system.client.claimTask({ taskId: mine.taskId }, system.ida());
    await system.client.claimTask({ taskId: taken.taskId }, system.ingo());
    const taskIds = [free.taskId, mine.taskId, taken.taskId, ops.taskId, 'nonsense'];
    const { results } = await system.client.bulkTasks({ action: 'complete', taskIds, result: 'x' }, system.ida());
    expect(results.map(({ taskId, ok, problem }) => [taskId, ok, problem?.code])).toEqual([
      [free.taskId, true, undefined],
      [mine.taskId, true, undefined],
      [taken.taskId, false, 'TASK_CLAIMED_BY'],
      [ops.taskId, false, 'FORBIDDEN'],
      ['nonsense', false, 'NOT_FOUND'],
    ]);
    expect(results[2]?.problem?.details).toMatchObject({ by: 'ingo' });
    expect(await typesOf(free.orgId)).toEqual(['TaskCreated', 'TaskCompleted']);
  });

  it('checks the command as a whole', async () => {
    const bulk = (request: object) => system.client.bulkTasks({ action: 'claim', taskIds: [newId()], ...request }, system.ida());
    await expect(bulk({ action: 'dance' })).rejects.toMatchObject({ details: { violations: [{ path: 'action' }] } });
    await expect(bulk({ taskIds: [] })).rejects.toMatchObject({ details: { violations: [{ path: 'taskIds' }] } });
    await expect(bulk({ action: 'cancel' })).rejects.toMatchObject({ details: { violations: [{ path: 'reason' }] } });
    await expect(bulk({ action: 'reschedule' })).rejects.toMatchObject({ details: { violations: [{ path: 'dueAt' }] } });
    await expect(bulk({ action: 'reassign', userId: 'ida' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('what others ask', () => {
  it('counts next steps by the business day, template tasks left out', async () => {
    const [orgId, without] = [system.org(), system.org()];
    await system.task({ orgId, dueAt: '2026-03-09T22:59:59.999Z' }); // yesterday in Berlin
    await system.task({ orgId, dueAt: '2026-03-09T23:00:00.000Z' }); // today, in the past
    await system.task({ orgId, dueAt: '2026-03-10T11:00:00.001Z' }); // later than now
    await system.task({ orgId });
    const { facts } = await system.client.getTaskFacts({ orgIds: [orgId, without] }, system.service());
    expect(facts.find((fact) => fact.orgId === orgId)).toEqual({ orgId, open: 4, nextStepsToday: 2, nextStepsFuture: 1 });
    expect(facts.find((fact) => fact.orgId === without)).toEqual({ orgId: without, open: 0, nextStepsToday: 0, nextStepsFuture: 0 });
  });

  it('says whether an activity may complete a task', async () => {
    const { taskId, orgId } = await system.task();
    const check = (given: object, caller = system.ida()) => system.client.checkCompletable({ taskId, orgId, ...given }, caller);
    expect((await check({})).task?.taskId).toBe(taskId);
    const unknown = { code: 'INVALID', details: { violations: [{ path: 'completesTaskId' }] } };
    await expect(check({ taskId: newId() })).rejects.toMatchObject(unknown);
    await expect(check({ taskId: 'x' })).rejects.toMatchObject(unknown);
    await expect(check({ orgId: newId() })).rejects.toMatchObject(unknown);
    await expect(check({}, system.olga())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await system.client.claimTask({ taskId }, system.ingo());
    await expect(check({})).rejects.toMatchObject({ code: 'TASK_CLAIMED_BY', details: { by: 'ingo' } });
    await expect(check({}, system.mia())).rejects.toMatchObject({ code: 'TASK_CLAIMED_BY' });
    await system.client.completeTask({ taskId }, system.ingo());
    await expect(check({}, system.ingo())).rejects.toMatchObject({ code: 'STATE_REFUSED', details: { state: 'DONE' } });
  });

  it('lists tasks by what they belong to, newest first, through pages while others write', async () => {
    const orgId = system.org();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      made.unshift((await system.task({ orgId, title: `Nr ${index} 50%` })).taskId);
      system.clock.advance(1);
    }
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await system.client.listTasks(
        { orgId, statuses: [], taskTypes: [], pageSize: 3, ...(pageToken !== undefined && { pageToken }) },
        system.ida(),
      );
      seen.push(...page.items.map(({ task }) => task?.taskId ?? ''));
      pageToken = page.nextPageToken;
      await system.task({ orgId });
    } while (pageToken !== undefined);
    expect(seen).toEqual(made);
    const found = await system.client.listTasks({ orgId, q: 'nr 3 50%', statuses: [], taskTypes: [], pageSize: 0 }, system.ida());
    expect(found.items).toHaveLength(1);
    const none = await system.client.listTasks({ orgId, q: 'nr_3', statuses: [], taskTypes: [], pageSize: 0 }, system.ida());
    expect(none.items).toHaveLength(0);
    const first = await system.client.listTasks({ orgId, statuses: [], taskTypes: [], pageSize: 1 }, system.ida());
    await expect(
      system.client.listTasks({ statuses: [], taskTypes: [], pageSize: 1, pageToken: first.nextPageToken ?? '' }, system.ida()),
    ).rejects.toMatchObject({ details: { violations: [{ path: 'pageToken' }] } });
  });
});

describe('persons', () => {
  it('remembers who signed in, with settings that can be cleared', async () => {
    expect(await system.client.getMe({}, system.olga())).toMatchObject({ id: 'olga', roles: ['ops'], settings: {} });
    await system.client.updateSettings({ settings: { language: 'de', theme: 'dark' } }, system.olga());
    const me = await system.client.updateSettings({ settings: { theme: '' } }, system.olga());
    expect(me.settings).toEqual({ language: 'de' });
    const { items } = await system.client.listUsers({ role: 'ops' }, system.ida());
    expect(items).toEqual([{ id: 'olga', name: 'olga', roles: ['ops'] }]);
    await expect(system.client.listUsers({ role: 'nobody' }, system.ida())).rejects.toMatchObject({ code: 'INVALID' });
    await expect(system.client.getMe({}, system.service())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

it('answers services, and nobody else, what it published of a company', async () => {
  const orgId = system.org();
  const { taskId } = await system.task({ orgId });
  await system.client.claimTask({ taskId }, system.ida());
  const { envelopes } = await system.client.listHistory({ orgId, pageSize: 0 }, system.service());
  expect(envelopes.map((text) => (JSON.parse(text) as { type: string }).type)).toEqual([
    'tom.task.v1.TaskCreated',
    'tom.task.v1.TaskClaimed',
  ]);
  await expect(system.client.listHistory({ orgId, pageSize: 0 }, system.mia())).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

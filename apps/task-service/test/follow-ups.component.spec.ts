import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as messages from '@tom/contracts/messages';
import { ids, newId } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import { activityEvent, activityOf, startSystem, type System } from './system.ts';

type Given = Parameters<typeof activityOf>[1];

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

const AT = '2026-03-20T08:00:00.000Z';
const LATER = '2026-03-27T08:00:00.000Z';

/** An activity whose events a test delivers as it likes. */
function activity(orgId: string, first: Given = {}) {
  const logged = activityOf(orgId, first);
  return {
    activityId: logged.activityId,
    log: async (id = newId()) => {
      const { type, envelope } = activityEvent(logged, 1);
      await system.republish(type, { ...envelope, id });
    },
    update: async (revision: number, given: Given) => {
      const { type, envelope } = activityEvent({ ...logged, updatedAt: '2026-03-10T11:00:01.000Z', ...given }, revision);
      await system.republish(type, envelope);
      return envelope;
    },
    remove: (revision: number) =>
      system.publish(
        messages.ActivityDeleted,
        orgId,
        { activityId: logged.activityId, orgId, activityType: 'CALL', completesTaskId: logged.completesTaskId },
        { aggregateId: logged.activityId, revision },
      ),
  };
}

async function callBacks(orgId: string) {
  await system.settled();
  const tasks = await system.tasksOf(orgId);
  return tasks.filter(({ taskType }) => taskType === 'CALL_BACK').reverse();
}

const told = async (orgId: string) => (await system.told(orgId)).map(({ type }) => type.split('.').at(-1));

describe('an activity with a follow-up', () => {
  it('that another system reported lies in the queue for whoever claims it, from an activity like any other', async () => {
    const orgId = newId();
    await activity(orgId, { followUpAt: AT, createdBy: 'client:phones' }).log();
    const [task] = await callBacks(orgId);
    expect(task).toMatchObject({ assignedQueue: 'INSIDE_SALES', origin: 'ACTIVITY', createdBy: 'client:phones', status: 'OPEN' });
    expect(task?.assignee ?? null).toBeNull();
  });

  it('becomes one CALL_BACK for the person who logged it, in the queue of its case', async () => {
    const orgId = newId();
    const caseId = newId();
    const call = activity(orgId, { followUpAt: AT, caseId, queue: 'OUTSIDE_SALES', subject: 'Preisliste', createdBy: 'otto' });
    await call.log();
    const [task, ...others] = await callBacks(orgId);
    expect(others).toEqual([]);
    expect(task).toMatchObject({
      taskId: ids.callBack(call.activityId, 1), orgId, caseId, title: 'Rückruf: Preisliste', assignedQueue: 'OUTSIDE_SALES',
      assigneeRole: 'outside_sales', assignee: 'otto', priority: 'NORMAL', dueAt: AT, status: 'OPEN', origin: 'ACTIVITY',
      source: { activityId: call.activityId },
    });
    const [event] = await system.told(orgId);
    expect(event).toMatchObject({ type: 'tom.task.v1.TaskCreated', revision: 1, depth: 1, actor: 'service:task-service' });
  });

  it('goes to inside sales without a case, and without a follow-up makes nothing', async () => {
    const orgId = newId();
    await activity(orgId, { followUpAt: AT }).log();
    await activity(orgId).log();
    expect(await callBacks(orgId)).toMatchObject([{ assignedQueue: 'INSIDE_SALES', title: 'Rückruf' }]);
  });

  it('makes no second one when it is told twice, under the same id or another', async () => {
    const orgId = newId();
    const call = activity(orgId, { followUpAt: AT });
    const id = newId();
    await call.log(id);
    await call.log(id);
    await system.settled();
    await call.log();
    expect(await callBacks(orgId)).toHaveLength(1);
    expect(await told(orgId)).toEqual(['TaskCreated']);
  });

  it('moves the open one, and leaves alone what its person rescheduled while only the notes change', async () => {
    const orgId = newId();
    const call = activity(orgId, { followUpAt: AT });
    await call.log();
    await call.update(2, { followUpAt: LATER, followUpRevision: 2 });
    const [task] = await callBacks(orgId);
    expect(task).toMatchObject({ dueAt: LATER, version: 1 });
    const own = '2026-04-01T08:00:00.000Z';
    await system.client.rescheduleTask({ taskId: task?.taskId ?? '', dueAt: own }, system.ida());
    await call.update(3, { followUpAt: LATER, followUpRevision: 2, notes: 'x' });
    expect(await callBacks(orgId)).toMatchObject([{ dueAt: own }]);
    expect(await told(orgId)).toEqual(['TaskCreated', 'TaskRescheduled', 'TaskRescheduled']);
  });

  it('cancels the open one when it is cleared or the activity is deleted', async () => {
    const [cleared, deleted] = [newId(), newId()];
    const first = activity(cleared, { followUpAt: AT });
    await first.log();
    await first.update(2, { followUpAt: undefined, followUpRevision: 2 });
    expect(await callBacks(cleared)).toMatchObject([{ status: 'CANCELLED' }]);
    const second = activity(deleted, { followUpAt: AT });
    await second.log();
    await second.remove(2);
    expect(await callBacks(deleted)).toMatchObject([{ status: 'CANCELLED' }]);
    expect((await system.told(deleted)).at(-1)?.data).toMatchObject({ reason: 'ACTIVITY_DELETED' });
  });

  it('leaves a done one done; moving the follow-up makes a new one, changing the notes does not', async () => {
    const orgId = newId();
    const call = activity(orgId, { followUpAt: AT });
    await call.log();
    const [task] = await callBacks(orgId);
    const taskId = task?.taskId ?? '';
    await system.client.completeTask({ taskId }, system.ida());
    await call.update(2, { followUpAt: AT, followUpRevision: 1, notes: 'x' });
    expect(await callBacks(orgId)).toMatchObject([{ status: 'DONE' }]);
    await call.update(3, { followUpAt: LATER, followUpRevision: 3 });
    expect(await callBacks(orgId)).toMatchObject([
      { status: 'DONE', dueAt: AT },
      { taskId: ids.callBack(call.activityId, 2), status: 'OPEN', dueAt: LATER },
    ]);
    // The old one stays closed: there would be two for one agreement.
    await expect(system.client.reopenTask({ taskId }, system.ida())).rejects.toMatchObject({ code: 'STATE_REFUSED' });
    await call.remove(4);
    expect(await callBacks(orgId)).toMatchObject([{ status: 'DONE' }, { status: 'CANCELLED' }]);
  });

  it('may be reopened when no newer one replaced it, and is then moved again', async () => {
    const orgId = newId();
    const call = activity(orgId, { followUpAt: AT });
    await call.log();
    const [task] = await callBacks(orgId);
    await system.client.cancelTask({ taskId: task?.taskId ?? '', reason: 'x' }, system.ida());
    await system.client.reopenTask({ taskId: task?.taskId ?? '' }, system.ida());
    await call.update(2, { followUpAt: LATER, followUpRevision: 2 });
    expect(await callBacks(orgId)).toMatchObject([{ status: 'OPEN', dueAt: LATER }]);
  });

  it('takes the update that comes before its log, and learns nothing from the log that comes late', async () => {
    const orgId = newId();
    const call = activity(orgId, { followUpAt: AT });
    await call.update(2, { followUpAt: LATER, followUpRevision: 2 });
    await system.settled();
    await call.log();
    expect(await callBacks(orgId)).toMatchObject([{ status: 'OPEN', dueAt: LATER }]);
    await call.update(2, { followUpAt: AT, followUpRevision: 2 });
    expect(await callBacks(orgId)).toMatchObject([{ status: 'OPEN', dueAt: LATER }]);
  });

  it('makes nothing when the deletion comes before both', async () => {
    const orgId = newId();
    const call = activity(orgId, { followUpAt: AT });
    await call.remove(3);
    await system.settled();
    await call.update(2, { followUpAt: LATER, followUpRevision: 2 });
    await call.log();
    expect(await callBacks(orgId)).toEqual([]);
  });

  it('takes its open call-back along to another case', async () => {
    const orgId = newId();
    const call = activity(orgId, { followUpAt: AT });
    await call.log();
    const caseId = newId();
    await call.update(2, { followUpAt: AT, followUpRevision: 1, caseId, queue: 'OUTSIDE_SALES' });
    expect(await callBacks(orgId)).toMatchObject([
      { caseId, assignedQueue: 'OUTSIDE_SALES', assigneeRole: 'outside_sales', assignee: 'ida', dueAt: AT },
    ]);
    expect(await told(orgId)).toEqual(['TaskCreated', 'TaskReassigned']);
  });

  it('handles hundreds in one batch, each with its own task', async () => {
    const orgs = Array.from({ length: 40 }, () => newId());
    const events = Array.from({ length: 400 }, (_, index) =>
      activityEvent(activityOf(orgs[index % 40] ?? '', { ...(index % 4 > 0 && { followUpAt: AT }) }), 1),
    );
    const { type } = events[0] ?? activityEvent(activityOf(newId()), 1);
    await system.republish(type, ...(events.map(({ envelope }) => envelope) as Envelope<never>[]));
    const counts = await Promise.all(orgs.map(async (orgId) => (await callBacks(orgId)).length));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300);
  });
});

describe('an activity that did a task', () => {
  it('completes it, whoever’s it was not; a deletion takes that back unless something happened since', async () => {
    const { taskId, orgId } = await system.task();
    const call = activity(orgId, { completesTaskId: taskId });
    await call.log();
    await system.settled();
    const status = async () => (await system.client.getTask({ taskId }, system.ida())).task;
    expect(await status()).toMatchObject({ status: 'DONE', assignee: 'ida' });
    expect((await system.told(orgId)).at(-1)).toMatchObject({
      type: 'tom.task.v1.TaskCompleted', data: { activityId: call.activityId },
    });
    await call.remove(2);
    await system.settled();
    expect(await status()).toMatchObject({ status: 'OPEN' });

    const again = activity(orgId, { completesTaskId: taskId });
    await again.log();
    await system.settled();
    await system.client.updateTask({ taskId, version: 1, updateMask: ['title'], fields: { title: 'Neu' } }, system.ida());
    await again.remove(2);
    await system.settled();
    expect(await status()).toMatchObject({ status: 'DONE' });
  });

  it('leaves somebody else’s, another company’s and a closed task as it is, then and later', async () => {
    const { taskId, orgId } = await system.task();
    await system.client.claimTask({ taskId }, system.ingo());
    const call = activity(orgId, { completesTaskId: taskId });
    await call.log();
    await activity(newId(), { completesTaskId: taskId }).log();
    await system.settled();
    await system.client.releaseTask({ taskId }, system.ingo());
    await call.update(2, { completesTaskId: taskId });
    await system.settled();
    expect((await system.client.getTask({ taskId }, system.ida())).task).toMatchObject({ status: 'OPEN' });
    await system.client.cancelTask({ taskId, reason: 'x' }, system.ida());
    await activity(orgId, { completesTaskId: taskId }).log();
    await system.settled();
    expect((await system.client.getTask({ taskId }, system.ida())).task).toMatchObject({ status: 'CANCELLED' });
  });

  it('completes it once when two did it in one batch', async () => {
    const { taskId, orgId } = await system.task();
    const two = [1, 2].map(() => activityEvent(activityOf(orgId, { completesTaskId: taskId }), 1));
    await system.republish(messages.ActivityLogged, ...two.map(({ envelope }) => envelope));
    await system.settled();
    expect(await told(orgId)).toEqual(['TaskCreated', 'TaskCompleted']);
  });
});

describe('the last activity beside a task', () => {
  it('is the latest that was not deleted', async () => {
    const { taskId, orgId } = await system.task();
    const last = async () => {
      await system.settled();
      return (await system.client.getTask({ taskId }, system.ida())).lastActivity;
    };
    const old = activity(orgId, { occurredAt: '2026-03-01T08:00:00.000Z', activityType: 'EMAIL', outcomeCode: 'SENT' });
    const recent = activity(orgId, { occurredAt: '2026-03-02T08:00:00.000Z', outcomeCode: 'NO_ANSWER' });
    await recent.log();
    await old.log();
    expect(await last()).toEqual({ activityType: 'CALL', outcomeCode: 'NO_ANSWER', at: '2026-03-02T08:00:00.000Z' });
    await recent.update(2, { occurredAt: '2026-03-02T08:00:00.000Z', outcomeCode: 'LEFT_VOICEMAIL' });
    expect(await last()).toMatchObject({ outcomeCode: 'LEFT_VOICEMAIL' });
    await recent.remove(3);
    expect(await last()).toEqual({ activityType: 'EMAIL', outcomeCode: 'SENT', at: '2026-03-01T08:00:00.000Z' });
  });
});

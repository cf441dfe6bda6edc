import { describe, expect, it } from 'vitest';
import { newTask } from './new-task.ts';
import type { Person, Task, TaskStatus } from './task.ts';
import {
  cancelForRule,
  cancelTask,
  claimTask,
  completeByActivity,
  completeTask,
  moveDue,
  moveToCase,
  reassignTask,
  releaseTask,
  reopenAfterDeletion,
  reopenTask,
  rescheduleTask,
  startTask,
  updateTask,
  type TaskDecision,
} from './task-actions.ts';

const NOW = new Date('2026-03-10T11:00:00.000Z');
const LATER = new Date('2026-03-12T11:00:00.000Z');
const ida: Person = { id: 'ida', works: true, manages: false };
const mia: Person = { id: 'mia', works: true, manages: true };
const stranger: Person = { id: 'otto', works: false, manages: false };

const fresh = newTask({
  taskId: 't', orgId: 'o', taskType: 'GENERAL', title: 'T', assignedQueue: 'INSIDE_SALES', assigneeRole: 'inside_sales',
  priority: 'NORMAL', origin: 'PERSON', createdAt: NOW, createdBy: 'ida',
}).next;
const task = (given: Partial<Task> = {}): Task => ({ ...fresh, ...given });
const closed = (status: TaskStatus, by = 'ida'): Task => task({ status, assignee: by, assignedAt: NOW, closedAt: NOW, closedBy: by });

const commands: Readonly<Record<string, (before: Task, person: Person) => TaskDecision>> = {
  claim: (before, person) => claimTask(before, person, NOW),
  release: releaseTask,
  start: (before, person) => startTask(before, person, NOW),
  complete: (before, person) => completeTask(before, person, { result: 'r' }, NOW),
  cancel: (before, person) => cancelTask(before, person, { reason: 'r' }, NOW),
  reopen: (before, person) => reopenTask(before, person, { replaced: false }),
  reschedule: (before, person) => rescheduleTask(before, person, { dueAt: LATER }),
};

/** What comes of an action: the events, or the refusal's code. */
function outcome(command: string, before: Task, person: Person): string {
  try {
    const { next, events } = commands[command]?.(before, person) ?? { next: before, events: [] };
    expect(next.revision).toBe(before.revision + events.length);
    return `${events.map(({ type }) => type).join('+') || 'nothing'} → ${next.status}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('every action in every state', () => {
  const states: readonly [string, Task][] = [
    ['unassigned', task()],
    ['mine', task({ assignee: 'ida', assignedAt: NOW })],
    ['mine, begun', task({ assignee: 'ida', assignedAt: NOW, status: 'IN_PROGRESS' })],
    ['ingo’s', task({ assignee: 'ingo', assignedAt: NOW })],
    ['done by me', closed('DONE')],
    ['done by ingo', closed('DONE', 'ingo')],
    ['cancelled', closed('CANCELLED')],
  ];
  const table: Readonly<Record<string, readonly string[]>> = {
    claim: ['TaskClaimed → OPEN', 'nothing → OPEN', 'nothing → IN_PROGRESS', 'TASK_CLAIMED_BY', 'STATE_REFUSED', 'STATE_REFUSED', 'STATE_REFUSED'],
    release: ['nothing → OPEN', 'TaskReleased → OPEN', 'TaskReleased → OPEN', 'TASK_CLAIMED_BY', 'STATE_REFUSED', 'STATE_REFUSED', 'STATE_REFUSED'],
    start: ['TaskClaimed+TaskStarted → IN_PROGRESS', 'TaskStarted → IN_PROGRESS', 'nothing → IN_PROGRESS', 'TASK_CLAIMED_BY', 'STATE_REFUSED', 'STATE_REFUSED', 'STATE_REFUSED'],
    complete: ['TaskCompleted → DONE', 'TaskCompleted → DONE', 'TaskCompleted → DONE', 'TASK_CLAIMED_BY', 'nothing → DONE', 'STATE_REFUSED', 'STATE_REFUSED'],
    cancel: ['TaskCancelled → CANCELLED', 'TaskCancelled → CANCELLED', 'TaskCancelled → CANCELLED', 'TASK_CLAIMED_BY', 'STATE_REFUSED', 'STATE_REFUSED', 'STATE_REFUSED'],
    reopen: ['STATE_REFUSED', 'STATE_REFUSED', 'STATE_REFUSED', 'STATE_REFUSED', 'TaskReopened → OPEN', 'TASK_CLAIMED_BY', 'TaskReopened → OPEN'],
    reschedule: ['TaskRescheduled → OPEN', 'TaskRescheduled → OPEN', 'TaskRescheduled → IN_PROGRESS', 'TASK_CLAIMED_BY', 'STATE_REFUSED', 'STATE_REFUSED', 'STATE_REFUSED'],
  };
  for (const [command, expected] of Object.entries(table)) {
    it(command, () => {
      expect(states.map(([, before]) => outcome(command, before, ida))).toEqual(expected);
    });
  }

  it('lets a manager decide about other people’s tasks, but not take them', () => {
    const his = task({ assignee: 'ingo', assignedAt: NOW });
    expect(Object.keys(commands).map((command) => outcome(command, his, mia))).toEqual([
      'TASK_CLAIMED_BY', 'TaskReleased → OPEN', 'TASK_CLAIMED_BY', 'TaskCompleted → DONE', 'TaskCancelled → CANCELLED',
      'STATE_REFUSED', 'TaskRescheduled → OPEN',
    ]);
    expect(completeTask(his, mia, { result: null }, NOW).next).toMatchObject({ assignee: 'ingo', closedBy: 'mia' });
  });

  it('is for the role of the queue, or whoever has the task', () => {
    for (const command of Object.keys(commands)) expect(outcome(command, task(), stranger), command).toBe('FORBIDDEN');
    expect(outcome('complete', task({ assignee: 'otto', assignedAt: NOW }), stranger)).toBe('TaskCompleted → DONE');
  });
});

describe('details of actions', () => {
  it('makes whoever completes an unassigned task its assignee', () => {
    expect(completeTask(task(), ida, { result: 'r' }, NOW).next).toMatchObject({ assignee: 'ida', result: 'r', closedBy: 'ida', closedAt: NOW });
  });

  it('forgets result and end when reopened, but not a call-back that a newer one replaced', () => {
    expect(reopenTask({ ...closed('DONE'), result: 'r' }, ida, { replaced: false }).next).toMatchObject({
      status: 'OPEN', result: null, closedAt: null, closedBy: null, assignee: 'ida',
    });
    expect(() => reopenTask(closed('DONE'), ida, { replaced: true })).toThrow('newer');
  });

  it('turns "the end of the day" into an agreed time when it is moved', () => {
    const { next } = rescheduleTask(task({ dueAt: NOW, dueIsEndOfDay: true }), ida, { dueAt: LATER });
    expect(next).toMatchObject({ dueAt: LATER, dueIsEndOfDay: false, version: 1 });
    expect(moveDue(next, new Date(LATER)).events).toEqual([]);
  });

  it('reassigns to a person without stopping the work of the same one', () => {
    const begun = task({ assignee: 'ida', assignedAt: NOW, status: 'IN_PROGRESS' });
    const to = (given: object) => reassignTask(begun, { queue: null, role: null, userId: null, queueRole: null, ...given }, LATER).next;
    expect(to({ userId: 'ingo' })).toMatchObject({ assignee: 'ingo', assignedAt: LATER, status: 'OPEN', assignedQueue: 'INSIDE_SALES' });
    expect(to({ queue: 'SALES_OPS', queueRole: 'ops', userId: 'ida' })).toMatchObject({ assigneeRole: 'ops', status: 'IN_PROGRESS', assignedAt: NOW });
    expect(to({ queue: 'SALES_OPS', queueRole: 'ops', role: 'manager' })).toMatchObject({ assignee: null, assigneeRole: 'manager' });
    expect(to({ userId: 'ida' })).toEqual(begun);
  });

  it('counts a version for what a person writes and for nothing else', () => {
    const { next, events } = updateTask(task(), ida, { title: 'Neu', description: null }, LATER);
    expect(next).toMatchObject({ version: 2, revision: 2, updatedBy: 'ida', updatedAt: LATER });
    expect(events[0]).toMatchObject({ changedFields: ['title'] });
    expect(moveToCase(task(), { caseId: 'c', queue: 'INSIDE_SALES', role: 'inside_sales' }).next).toMatchObject({ version: 1, revision: 2 });
  });
});

describe('what events do', () => {
  const activity = { activityId: 'a', orgId: 'o', loggedBy: 'ida' };

  it('never refuses: what does not fit is left as it is', () => {
    for (const done of [closed('DONE'), closed('CANCELLED')]) {
      expect(cancelForRule(done, 'r', 's', NOW).events).toEqual([]);
      expect(moveDue(done, LATER).events).toEqual([]);
      expect(completeByActivity(done, activity, NOW).events).toEqual([]);
      expect(moveToCase(done, { caseId: 'c', queue: 'X', role: 'x' }).events).toEqual([]);
    }
    expect(completeByActivity(task({ assignee: 'ingo' }), activity, NOW).events).toEqual([]);
    expect(completeByActivity(task(), { ...activity, orgId: 'other' }, NOW).events).toEqual([]);
  });

  it('takes a completion back only while it is the last thing that happened', () => {
    const { next } = completeByActivity(task(), activity, NOW);
    expect(next).toMatchObject({ status: 'DONE', assignee: 'ida', revision: 2 });
    expect(reopenAfterDeletion(next, 2).next).toMatchObject({ status: 'OPEN', revision: 3 });
    expect(reopenAfterDeletion({ ...next, revision: 3 }, 2).events).toEqual([]);
    expect(reopenAfterDeletion(task({ revision: 2 }), 2).events).toEqual([]);
  });
});

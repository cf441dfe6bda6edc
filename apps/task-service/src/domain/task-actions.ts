import { DomainError, type Decision } from '@tom/kernel';
import { isOpen, requireNotTaken, requireOpen, requireWorker, type Person, type Task, type TaskEvent } from './task.ts';

export type TaskDecision = Decision<Task, TaskEvent>;

/** The part of an event that is not the task. */
type Told = TaskEvent extends infer E ? (E extends TaskEvent ? Omit<E, 'task'> : never) : never;

export function unchanged(task: Task): TaskDecision {
  return { next: task, events: [] };
}

/** One event more: the revision rises with it, and the event carries the task as it then is. */
export function after(task: Task, change: Partial<Task>, told: Told): TaskDecision {
  const next: Task = { ...task, ...change, revision: task.revision + 1 };
  return { next, events: [{ ...told, task: next } as TaskEvent] };
}

/** Two decisions in a row as one. (Not `then`: a module with that name is taken for a promise.) */
export function andThen(first: TaskDecision, second: (task: Task) => TaskDecision): TaskDecision {
  const { next, events } = second(first.next);
  return { next, events: [...first.events, ...events] };
}

/** Nobody takes a task from somebody, managers included: that is reassigning. */
const asEverybody = (person: Person): Person => ({ ...person, manages: false });

/** Makes the person the assignee; the task stays OPEN. Claiming what one has changes nothing. */
export function claimTask(task: Task, person: Person, now: Date): TaskDecision {
  requireWorker(task, person);
  requireOpen(task);
  requireNotTaken(task, asEverybody(person));
  if (task.assignee === person.id) return unchanged(task);
  return after(task, { assignee: person.id, assignedAt: now }, { type: 'TaskClaimed' });
}

/** Gives it back to its queue. */
export function releaseTask(task: Task, person: Person): TaskDecision {
  requireWorker(task, person);
  requireOpen(task);
  requireNotTaken(task, person);
  if (task.assignee === null) return unchanged(task);
  return after(
    task,
    { assignee: null, assignedAt: null, status: 'OPEN' },
    { type: 'TaskReleased', previousAssignee: task.assignee },
  );
}

/** Starting an unassigned task claims it. */
export function startTask(task: Task, person: Person, now: Date): TaskDecision {
  return andThen(claimTask(task, person, now), (mine) =>
    mine.status === 'IN_PROGRESS' ? unchanged(mine) : after(mine, { status: 'IN_PROGRESS' }, { type: 'TaskStarted' }),
  );
}

/** By the assignee, by a manager, or by anyone of the queue's role when it is unassigned, who then becomes the assignee. */
export function completeTask(task: Task, person: Person, command: { readonly result: string | null }, now: Date): TaskDecision {
  requireWorker(task, person);
  if (task.status === 'DONE' && task.closedBy === person.id) return unchanged(task);
  requireOpen(task);
  requireNotTaken(task, person);
  return after(
    task,
    { ...closed('DONE', person.id, now), ...taken(task, person.id, now), result: command.result },
    { type: 'TaskCompleted', activityId: null },
  );
}

export function cancelTask(task: Task, person: Person, command: { readonly reason: string }, now: Date): TaskDecision {
  requireWorker(task, person);
  requireOpen(task);
  requireNotTaken(task, person);
  return after(task, closed('CANCELLED', person.id, now), { type: 'TaskCancelled', reason: command.reason });
}

/** Not a CALL_BACK that a newer one replaced: there would be two for one agreement. */
export function reopenTask(task: Task, person: Person, situation: { readonly replaced: boolean }): TaskDecision {
  requireWorker(task, person);
  if (isOpen(task)) throw DomainError.stateRefused('The task is open.', task.status);
  if (situation.replaced) throw DomainError.stateRefused('A newer call-back has replaced this task.', task.status);
  requireNotTaken(task, person);
  return reopened(task);
}

export interface Reassignment {
  readonly queue: string | null;
  readonly role: string | null;
  readonly userId: string | null;
  /** The role that works the new queue. */
  readonly queueRole: string | null;
}

/** To another queue, role or person. Without a person named it lies unassigned where it was sent. */
export function reassignTask(task: Task, command: Reassignment, now: Date): TaskDecision {
  requireOpen(task);
  const assignedQueue = command.queue ?? task.assignedQueue;
  const assigneeRole = command.role ?? command.queueRole ?? task.assigneeRole;
  const assignee = command.userId;
  const moved = assignedQueue !== task.assignedQueue || assigneeRole !== task.assigneeRole;
  if (!moved && assignee === task.assignee) return unchanged(task);
  const sameHands = assignee !== null && assignee === task.assignee;
  return after(
    task,
    {
      assignedQueue,
      assigneeRole,
      assignee,
      assignedAt: sameHands ? task.assignedAt : assignee === null ? null : now,
      status: sameHands ? task.status : 'OPEN',
    },
    {
      type: 'TaskReassigned',
      previousQueue: task.assignedQueue,
      previousRole: task.assigneeRole,
      previousAssignee: task.assignee,
    },
  );
}

/** An agreed time, so no longer "the end of the day". */
export function rescheduleTask(task: Task, person: Person, command: { readonly dueAt: Date }): TaskDecision {
  requireWorker(task, person);
  requireOpen(task);
  requireNotTaken(task, person);
  return moveDue(task, command.dueAt);
}

export type TaskPatch = Partial<Pick<Task, 'title' | 'description' | 'priority' | 'contactId' | 'waitingFor'>>;

/** The only change that counts as a version. Writing what is there already changes nothing. */
export function updateTask(task: Task, person: Person, patch: TaskPatch, now: Date): TaskDecision {
  requireWorker(task, person);
  const changedFields = (Object.keys(patch) as (keyof TaskPatch)[]).filter((field) => patch[field] !== task[field]);
  if (changedFields.length === 0) return unchanged(task);
  const change = { ...patch, version: task.version + 1, updatedAt: now, updatedBy: person.id };
  return after(task, change, { type: 'TaskUpdated', changedFields });
}

// What events do to tasks. None of these refuses: what does not fit any more is left as it is.

/** Why a task is born cancelled: its case or company was closed before it came. */
export const CLOSED_MEANWHILE = 'CLOSED_MEANWHILE';

export function cancelForRule(task: Task, reason: string, by: string, now: Date): TaskDecision {
  if (!isOpen(task)) return unchanged(task);
  return after(task, closed('CANCELLED', by, now), { type: 'TaskCancelled', reason });
}

/** The activity did the task: only if it is still open and nobody else's. */
export function completeByActivity(
  task: Task,
  activity: { readonly activityId: string; readonly orgId: string; readonly loggedBy: string },
  now: Date,
): TaskDecision {
  const fits = isOpen(task) && task.orgId === activity.orgId && (task.assignee ?? activity.loggedBy) === activity.loggedBy;
  if (!fits) return unchanged(task);
  return after(
    task,
    { ...closed('DONE', activity.loggedBy, now), ...taken(task, activity.loggedBy, now) },
    { type: 'TaskCompleted', activityId: activity.activityId },
  );
}

/** The activity that completed it was deleted: open again, unless something happened to the task since. */
export function reopenAfterDeletion(task: Task, completedRevision: number): TaskDecision {
  return task.status === 'DONE' && task.revision === completedRevision ? reopened(task) : unchanged(task);
}

export function moveDue(task: Task, dueAt: Date): TaskDecision {
  if (!isOpen(task) || task.dueAt?.getTime() === dueAt.getTime()) return unchanged(task);
  return after(task, { dueAt, dueIsEndOfDay: false }, { type: 'TaskRescheduled', previousDueAt: task.dueAt });
}

/** The activity behind a CALL_BACK went to another case. Its person keeps it; automation leaves the version alone. */
export function moveToCase(task: Task, target: { readonly caseId: string | null; readonly queue: string; readonly role: string }): TaskDecision {
  if (!isOpen(task)) return unchanged(task);
  const { caseId } = target;
  if (target.queue !== task.assignedQueue) {
    return after(
      task,
      { caseId, assignedQueue: target.queue, assigneeRole: target.role },
      {
        type: 'TaskReassigned',
        previousQueue: task.assignedQueue,
        previousRole: task.assigneeRole,
        previousAssignee: task.assignee,
      },
    );
  }
  if (caseId === task.caseId) return unchanged(task);
  return after(task, { caseId }, { type: 'TaskUpdated', changedFields: ['caseId'] });
}

function closed(status: 'DONE' | 'CANCELLED', by: string, at: Date): Partial<Task> {
  return { status, closedAt: at, closedBy: by };
}

function taken(task: Task, by: string, at: Date): Partial<Task> {
  return task.assignee === null ? { assignee: by, assignedAt: at } : {};
}

function reopened(task: Task): TaskDecision {
  return after(task, { status: 'OPEN', result: null, closedAt: null, closedBy: null }, { type: 'TaskReopened' });
}

/** Tells, once for each due date, that it has passed; nobody did anything, time did. */
export function becomeOverdue(task: Task, now: Date): TaskDecision {
  const { dueAt, overdueToldFor } = task;
  if (!isOpen(task) || !dueAt || dueAt > now || overdueToldFor?.getTime() === dueAt.getTime()) return unchanged(task);
  return after(task, { overdueToldFor: dueAt }, { type: 'TaskBecameOverdue' });
}

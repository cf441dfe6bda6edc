import { DomainError } from '@tom/kernel';

export type TaskStatus = 'OPEN' | 'IN_PROGRESS' | 'DONE' | 'CANCELLED';
export type TaskOrigin = 'TEMPLATE' | 'ACTIVITY' | 'PERSON' | 'INBOUND';

/** Where a task came from. */
export interface TaskSource {
  readonly activityId: string | null;
  readonly template: string | null;
  readonly version: number | null;
  readonly rule: string | null;
  readonly taskKey: string | null;
}

/**
 * The unit of work that somebody does. `version` counts what a PATCH can write, `revision` every event. `updatedAt/By`
 * belong to the version, `assignedAt` says since when the assignee has it.
 */
export interface Task {
  readonly taskId: string;
  readonly orgId: string;
  readonly caseId: string | null;
  readonly contactId: string | null;
  readonly taskType: string;
  readonly title: string;
  readonly description: string | null;
  readonly assignedQueue: string;
  readonly assigneeRole: string;
  readonly assignee: string | null;
  readonly assignedAt: Date | null;
  readonly priority: string;
  readonly dueAt: Date | null;
  readonly dueIsEndOfDay: boolean;
  readonly status: TaskStatus;
  readonly waitingFor: string | null;
  readonly origin: TaskOrigin;
  readonly source: TaskSource;
  readonly result: string | null;
  readonly version: number;
  readonly revision: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  /** The due date of which it was told that it has passed. */
  readonly overdueToldFor: Date | null;
}

/** What happened to a task; `task` is the task after it. */
export type TaskEvent = { readonly task: Task } & (
  | { readonly type: 'TaskCreated' | 'TaskClaimed' | 'TaskStarted' | 'TaskReopened' | 'TaskBecameOverdue' }
  | { readonly type: 'TaskUpdated'; readonly changedFields: readonly string[] }
  | { readonly type: 'TaskReleased'; readonly previousAssignee: string | null }
  | {
      readonly type: 'TaskReassigned';
      readonly previousQueue: string;
      readonly previousRole: string;
      readonly previousAssignee: string | null;
    }
  | { readonly type: 'TaskRescheduled'; readonly previousDueAt: Date | null }
  | { readonly type: 'TaskCompleted'; readonly activityId: string | null }
  | { readonly type: 'TaskCancelled'; readonly reason: string }
);

/** A person before a task: who, and what the roles allow there. */
export interface Person {
  readonly id: string;
  /** One of the roles works the task's queue or is its role. */
  readonly works: boolean;
  /** May decide about other people's tasks there. */
  readonly manages: boolean;
}

export const noSource: TaskSource = { activityId: null, template: null, version: null, rule: null, taskKey: null };

export function isOpen(task: Task): boolean {
  return task.status === 'OPEN' || task.status === 'IN_PROGRESS';
}

export function requireOpen(task: Task): void {
  if (!isOpen(task)) throw DomainError.stateRefused(`The task is ${task.status}.`, task.status);
}

/** A person works the tasks of the own roles, and what was given to that person, wherever it lies. */
export function requireWorker(task: Task, person: Person): void {
  if (person.works || task.assignee === person.id) return;
  throw new DomainError('FORBIDDEN', `Tasks of ${task.assignedQueue} are worked by the role ${task.assigneeRole}.`);
}

/** Refuses somebody else's task, naming who has it; a manager may where `person.manages` counts. */
export function requireNotTaken(task: Task, person: Pick<Person, 'id' | 'manages'>): void {
  if (task.assignee === null || task.assignee === person.id || person.manages) return;
  throw new DomainError('TASK_CLAIMED_BY', `The task is ${task.assignee}'s.`, {
    by: task.assignee,
    at: (task.assignedAt ?? task.createdAt).toISOString(),
  });
}

/** The refusal of what would write anew about a company after its data was erased; the work that there is can be ended. */
export function wasErased(): DomainError {
  return DomainError.stateRefused('The company was erased.', 'ERASED');
}

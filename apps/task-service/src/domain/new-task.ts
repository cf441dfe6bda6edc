import { noSource, type Task } from './task.ts';
import { after, type TaskDecision } from './task-actions.ts';

type Given = Pick<Task, 'taskId' | 'orgId' | 'taskType' | 'title' | 'assignedQueue' | 'assigneeRole' | 'priority' | 'origin' | 'createdAt' | 'createdBy'> &
  Partial<Pick<Task, 'caseId' | 'contactId' | 'description' | 'assignee' | 'dueAt' | 'dueIsEndOfDay' | 'waitingFor' | 'source'>>;

/** A task begins OPEN, with its first revision and version. */
export function newTask(given: Given): TaskDecision {
  const assignee = given.assignee ?? null;
  const blank: Task = {
    caseId: null,
    contactId: null,
    description: null,
    dueAt: null,
    dueIsEndOfDay: false,
    waitingFor: null,
    source: noSource,
    ...given,
    assignee,
    assignedAt: assignee === null ? null : given.createdAt,
    status: 'OPEN',
    result: null,
    version: 1,
    revision: 0,
    updatedAt: given.createdAt,
    updatedBy: given.createdBy,
    closedAt: null,
    closedBy: null,
    overdueToldFor: null,
  };
  return after(blank, {}, { type: 'TaskCreated' });
}

const TITLE_LENGTH = 300;

/** Another system cannot work on a task: what it agreed on lies in the queue for whoever claims it. */
function personIn(loggedBy: string): string | null {
  return loggedBy.startsWith('client:') ? null : loggedBy;
}

/** The task that an agreed follow-up makes, for the person who agreed on it. */
export function callBack(given: {
  readonly taskId: string;
  readonly activityId: string;
  readonly orgId: string;
  readonly caseId: string | null;
  readonly contactId: string | null;
  readonly subject: string | null;
  readonly dueAt: Date;
  readonly loggedBy: string;
  /** When it was agreed on. */
  readonly agreedAt: Date;
  readonly queue: string;
  readonly role: string;
}): TaskDecision {
  return newTask({
    taskId: given.taskId,
    orgId: given.orgId,
    caseId: given.caseId,
    contactId: given.contactId,
    taskType: 'CALL_BACK',
    title: (given.subject ? `Rückruf: ${given.subject}` : 'Rückruf').slice(0, TITLE_LENGTH),
    assignedQueue: given.queue,
    assigneeRole: given.role,
    assignee: personIn(given.loggedBy),
    priority: 'NORMAL',
    dueAt: given.dueAt,
    origin: 'ACTIVITY',
    source: { ...noSource, activityId: given.activityId },
    createdAt: given.agreedAt,
    createdBy: given.loggedBy,
  });
}

import {
  TaskBecameOverdue,
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskReassigned,
  TaskRescheduled,
  TaskReopened,
} from '@tom/contracts/messages';
import type { Text } from '@tom/kernel';
import { teller, type Teller, type Told } from './entry.ts';

interface TaskOfEvent {
  readonly taskId: string;
  readonly title: string;
  readonly caseId?: string | undefined;
}

function ofTask(task: TaskOfEvent, title: Text, detail?: string): Told {
  const { taskId, caseId } = task;
  return { kind: 'TASK', title, name: task.title, detail, source: { type: 'task', id: taskId }, caseId };
}

/** Tasks: what changed the plan. Claiming, starting and releasing is how people share work, not what happened. */
export const taskTellers: readonly Teller[] = [
  teller(TaskCreated, ({ task }) => ofTask(task, { de: 'Aufgabe angelegt', en: 'Task created' })),
  teller(TaskCompleted, ({ task }) => ofTask(task, { de: 'Aufgabe erledigt', en: 'Task completed' }, task.result)),
  teller(
    TaskCancelled,
    ({ task, reason }) => ofTask(task, { de: 'Aufgabe abgebrochen', en: 'Task cancelled' }, reason),
  ),
  teller(TaskReopened, ({ task }) => ofTask(task, { de: 'Aufgabe wieder geöffnet', en: 'Task reopened' })),
  teller(TaskReassigned, ({ task }) => ofTask(task, { de: 'Aufgabe neu zugewiesen', en: 'Task reassigned' })),
  teller(TaskBecameOverdue, ({ task }) => ofTask(task, { de: 'Aufgabe überfällig', en: 'Task overdue' })),
  teller(TaskRescheduled, ({ task }) => ofTask(task, { de: 'Aufgabe verschoben', en: 'Task rescheduled' })),
];

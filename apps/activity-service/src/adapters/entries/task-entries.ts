import type { Catalog } from '@tom/catalog';
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

const OF_COMPANY = 'ORG_';
const reasons: Readonly<Record<string, Text>> = {
  CASE_CLOSED: { de: 'Aufgabe mit dem Fall entfallen', en: 'Task dropped with its case' },
  FOLLOW_UP_CLEARED: { de: 'Aufgabe mit der Wiedervorlage entfallen', en: 'Task dropped with its follow-up' },
  ACTIVITY_DELETED: { de: 'Aufgabe mit der Aktivität entfallen', en: 'Task dropped with its activity' },
};

/** The codes that the system gives as a reason, ORG_ with a stage among them; undefined for what a person wrote. */
function reasonInWords(reason: string | undefined, { stages }: Catalog): Text | undefined {
  const stage = reason?.startsWith(OF_COMPANY) ? stages.stages.get(reason.slice(OF_COMPANY.length)) : undefined;
  if (stage) return { de: `Aufgabe entfallen, Unternehmen ${stage.label.de}`, en: `Task dropped, company ${stage.label.en}` };
  return reason === undefined ? undefined : reasons[reason];
}

/** Tasks: what changed the plan. Claiming, starting and releasing is how people share work, not what happened. */
export const taskTellers: readonly Teller[] = [
  teller(TaskCreated, ({ task }) => ofTask(task, { de: 'Aufgabe angelegt', en: 'Task created' })),
  teller(TaskCompleted, ({ task }) => ofTask(task, { de: 'Aufgabe erledigt', en: 'Task completed' }, task.result)),
  teller(TaskCancelled, ({ task, reason }, catalog) => {
    const because = reasonInWords(reason, catalog);
    return because ? ofTask(task, because) : ofTask(task, { de: 'Aufgabe abgebrochen', en: 'Task cancelled' }, reason);
  }),
  teller(TaskReopened, ({ task }) => ofTask(task, { de: 'Aufgabe wieder geöffnet', en: 'Task reopened' })),
  teller(TaskReassigned, ({ task }) => ofTask(task, { de: 'Aufgabe neu zugewiesen', en: 'Task reassigned' })),
  teller(TaskBecameOverdue, ({ task }) => ofTask(task, { de: 'Aufgabe überfällig', en: 'Task overdue' })),
  teller(TaskRescheduled, ({ task }) => ofTask(task, { de: 'Aufgabe verschoben', en: 'Task rescheduled' })),
];

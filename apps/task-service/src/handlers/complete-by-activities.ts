import type { ActivityLogged } from '@tom/contracts/messages';
import type { BatchItem } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { noteCompletions } from '../adapters/follow-up-table.ts';
import { draftsOf } from '../adapters/task-events.ts';
import type { TaskTable } from '../adapters/task-table.ts';
import type { Task } from '../domain/task.ts';
import { completeByActivity } from '../domain/task-actions.ts';

type Item = Pick<BatchItem<Pick<ActivityLogged, 'activity'>>, 'envelope' | 'emit'>;

/** Completes the tasks that activities did, in the order of the activities; asked once, when an activity is first seen. */
export async function completeByActivities(tasks: TaskTable, tx: Tx, now: Date, items: readonly Item[]): Promise<void> {
  const completing = items.filter(({ envelope }) => envelope.data.activity.completesTaskId !== undefined);
  if (completing.length === 0) return;
  const present = new Map<string, Task>(
    await tasks.lock(tx, [...new Set(completing.map(({ envelope }) => envelope.data.activity.completesTaskId ?? ''))]),
  );
  const changed = new Set<string>();
  const completions: { activityId: string; taskId: string; revision: number }[] = [];
  for (const { envelope, emit } of completing) {
    const { activityId, orgId, createdBy, completesTaskId } = envelope.data.activity;
    const task = present.get(completesTaskId ?? '');
    if (!task) continue;
    const { next, events } = completeByActivity(task, { activityId, orgId, loggedBy: createdBy }, now);
    if (events.length === 0) continue;
    present.set(next.taskId, next);
    changed.add(next.taskId);
    completions.push({ activityId, taskId: next.taskId, revision: next.revision });
    emit(...draftsOf(events));
  }
  await tasks.save(tx, [...present.values()].filter(({ taskId }) => changed.has(taskId)), now);
  await noteCompletions(tx, completions);
}

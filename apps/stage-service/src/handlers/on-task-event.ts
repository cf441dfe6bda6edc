import type { Task } from '@tom/contracts/tom/task/v1/task';
import type { BatchContext } from '@tom/messaging';
import { rememberTasks } from '../adapters/outlook.ts';

/** Every event of a task carries the task as it is after it; the latest revision wins. */
export async function onTaskEvent({ tx, items }: BatchContext<{ readonly task: Task }>): Promise<void> {
  await rememberTasks(
    tx,
    items.map(({ envelope }) => {
      const { task } = envelope.data;
      return {
        taskId: task.taskId,
        orgId: task.orgId,
        revision: envelope.revision,
        open: task.status === 'OPEN' || task.status === 'IN_PROGRESS',
        taskType: task.taskType,
        title: task.title,
        assignedQueue: task.assignedQueue,
        assignee: task.assignee ?? null,
        dueAt: task.dueAt ?? null,
        priority: task.priority,
        dueIsEndOfDay: task.dueIsEndOfDay,
      };
    }),
  );
}

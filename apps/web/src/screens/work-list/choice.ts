import type { Task } from '../../api/index.ts';

/** The row that keys act upon, and where it was when it was chosen. */
export interface Choice {
  readonly taskId: string;
  readonly index: number;
}

/** The chosen task; when it has left, the one that took its place. */
export function chosenOf(tasks: readonly Task[], choice: Choice | undefined): Task | undefined {
  return tasks[indexOf(tasks, choice)];
}

/** The choice so many rows further down, within the list. */
export function neighbour(tasks: readonly Task[], choice: Choice | undefined, by: number): Choice | undefined {
  const index = Math.max(0, Math.min(tasks.length - 1, indexOf(tasks, choice) + by));
  const task = tasks[index];
  return task && { taskId: task.taskId, index };
}

function indexOf(tasks: readonly Task[], choice: Choice | undefined): number {
  const found = tasks.findIndex(({ taskId }) => taskId === choice?.taskId);
  return found >= 0 ? found : Math.min(choice?.index ?? -1, tasks.length - 1);
}

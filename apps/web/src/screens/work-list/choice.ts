import type { Task } from '../../api/index.ts';

/** The row that keys act upon, and where it was when it was chosen. */
export interface Choice {
  readonly taskId: string;
  readonly index: number;
}

/** The chosen task. When it has left, none is: a key must not act upon a row that nobody chose. */
export function chosenOf(tasks: readonly Task[], choice: Choice | undefined): Task | undefined {
  return tasks.find(({ taskId }) => taskId === choice?.taskId);
}

/** What is chosen after one has been done: the next one, else the one before. */
export function afterDone(tasks: readonly Task[], done: Task): Choice | undefined {
  const index = tasks.findIndex(({ taskId }) => taskId === done.taskId);
  const next = tasks[index + 1] ?? tasks[index - 1];
  return next && { taskId: next.taskId, index: Math.min(index, tasks.length - 2) };
}

/** The choice so many rows further down, within the list; from where it was, when it has left. */
export function neighbour(tasks: readonly Task[], choice: Choice | undefined, by: number): Choice | undefined {
  const index = Math.max(0, Math.min(tasks.length - 1, indexOf(tasks, choice) + by));
  const task = tasks[index];
  return task && { taskId: task.taskId, index };
}

function indexOf(tasks: readonly Task[], choice: Choice | undefined): number {
  const found = tasks.findIndex(({ taskId }) => taskId === choice?.taskId);
  return found >= 0 ? found : Math.min(choice?.index ?? -1, tasks.length - 1);
}

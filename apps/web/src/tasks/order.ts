import type { Meta, Task } from '../api/index.ts';
import { dayNumber } from '../i18n/index.ts';

/** The order of a queue (overdue first, then due day, priority, time), for lists that are put together of several. */
export function inQueueOrder(tasks: readonly Task[], priorities: Meta['priorities'], now: Date): readonly Task[] {
  const ranks = new Map(priorities.map(({ code, rank }) => [code, rank]));
  const keyOf = ({ dueAt, priority, taskId }: Task) => {
    const at = dueAt === undefined ? undefined : new Date(dueAt);
    return {
      pending: at !== undefined && at <= now ? 0 : 1,
      day: at === undefined ? Infinity : dayNumber(at),
      rank: ranks.get(priority) ?? Infinity,
      at: at?.getTime() ?? Infinity,
      taskId,
    };
  };
  return tasks
    .map((task) => ({ task, key: keyOf(task) }))
    .sort(({ key: a }, { key: b }) => {
      return a.pending - b.pending || compare(a.day, b.day) || a.rank - b.rank || compare(a.at, b.at) || (a.taskId < b.taskId ? -1 : 1);
    })
    .map(({ task }) => task);
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

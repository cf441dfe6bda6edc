import { describe, expect, it } from 'vitest';
import type { Task } from '../api/index.ts';
import { inQueueOrder } from './order.ts';

const now = new Date('2026-11-26T09:00:00.000Z');
const label = { de: '', en: '' };
const priorities = ['URGENT', 'HIGH', 'NORMAL', 'LOW'].map((code, index) => ({ code, label, rank: index + 1 }));
const task = (taskId: string, dueAt: string | undefined, priority: Task['priority'] = 'NORMAL') => ({ taskId, dueAt, priority }) as Task;
const order = (...tasks: readonly Task[]) => inQueueOrder(tasks, priorities, now).map(({ taskId }) => taskId);

describe('tasks of several queues', () => {
  it('come as one queue would give them: overdue first, then by day, priority, time', () => {
    expect(
      order(
        task('undated', undefined, 'URGENT'),
        task('tomorrow', '2026-11-27T08:00:00.000Z', 'URGENT'),
        task('today late', '2026-11-26T16:00:00.000Z'),
        task('today early', '2026-11-26T10:00:00.000Z'),
        task('today high', '2026-11-26T17:00:00.000Z', 'HIGH'),
        task('just overdue', '2026-11-26T08:59:00.000Z', 'LOW'),
        task('long overdue', '2026-11-20T17:00:00.000Z', 'LOW'),
      ),
    ).toEqual(['long overdue', 'just overdue', 'today high', 'today early', 'today late', 'tomorrow', 'undated']);
  });

  it('keep one order when all else is equal', () => {
    expect(order(task('b', undefined), task('a', undefined))).toEqual(['a', 'b']);
  });
});

import { useQueryClient } from '@tanstack/react-query';
import { api, newIntention, useMe, type Task } from '../api/index.ts';
import { useTexts } from '../i18n/index.ts';
import { tell, tellProblem } from '../parts/index.ts';
import { dueInWords } from '../parts/due.tsx';
import { dueTexts } from '../parts/due.texts.ts';
import { changeShown } from './cache.ts';
import { taskTexts } from './texts.ts';

export interface TaskActions {
  claim(task: Task): Promise<void>;
  release(task: Task): Promise<void>;
  complete(task: Task): Promise<void>;
  reschedule(task: Task, dueAt: Date): Promise<void>;
  cancel(task: Task, reason: string): Promise<void>;
  reassign(task: Task, to: { readonly queue?: string; readonly userId?: string }): Promise<void>;
}

/**
 * What can be done to a task from wherever it is shown. Shown at once and taken back when the server refuses; what can be
 * undone offers so.
 */
export function useTaskActions(): TaskActions {
  const client = useQueryClient();
  const me = useMe();
  const say = useTexts(taskTexts);
  const sayDue = useTexts(dueTexts);

  async function run(task: Task, change: (shown: Task) => Task | undefined, call: () => Promise<unknown>, told: string, undo?: () => void): Promise<void> {
    const takeBack = changeShown(client, task.taskId, change);
    try {
      await call();
      tell(told, { undo });
    } catch (error) {
      takeBack();
      tellProblem(error);
    }
    for (const queryKey of [['tasks'], ['queues'], ['org', task.orgId]]) void client.invalidateQueries({ queryKey });
  }

  const at = (task: Task) => ({ path: { taskId: task.taskId }, header: { 'Idempotency-Key': newIntention() } });
  const actions: TaskActions = {
    claim: (task) =>
      run(task, (shown) => ({ ...shown, assignee: me.id }), () => api.POST('/tasks/{taskId}/claim', { params: at(task) }), say('claimedTold', { task: task.title }), () =>
        void actions.release(task),
      ),
    release: (task) =>
      run(task, ({ assignee: _nobody, ...shown }) => shown, () => api.POST('/tasks/{taskId}/release', { params: at(task) }), say('releasedTold', { task: task.title }), () =>
        void actions.claim(task),
      ),
    complete: (task) =>
      run(task, () => undefined, () => api.POST('/tasks/{taskId}/complete', { params: at(task), body: {} }), say('doneTold', { task: task.title }), () => void reopen(task)),
    reschedule: (task, dueAt) =>
      run(
        task,
        (shown) => ({ ...shown, dueAt: dueAt.toISOString(), dueIsEndOfDay: false }),
        () => api.POST('/tasks/{taskId}/reschedule', { params: at(task), body: { dueAt: dueAt.toISOString() } }),
        say('rescheduledTold', { task: task.title, when: dueInWords({ dueAt: dueAt.toISOString() }, new Date(), sayDue).words }),
        task.dueAt === undefined ? undefined : () => void actions.reschedule({ ...task, dueAt: dueAt.toISOString() }, new Date(task.dueAt ?? '')),
      ),
    cancel: (task, reason) =>
      run(task, () => undefined, () => api.POST('/tasks/{taskId}/cancel', { params: at(task), body: { reason } }), say('cancelledTold', { task: task.title }), () => void reopen(task)),
    reassign: (task, to) =>
      run(
        task,
        (shown) => ({ ...shown, ...(to.userId ? { assignee: to.userId } : {}) }),
        () => api.POST('/tasks/{taskId}/reassign', { params: at(task), body: to as never }),
        say('reassignedTold', { task: task.title }),
      ),
  };
  const reopen = (task: Task) => run(task, (shown) => shown, () => api.POST('/tasks/{taskId}/reopen', { params: at(task) }), task.title);
  return actions;
}

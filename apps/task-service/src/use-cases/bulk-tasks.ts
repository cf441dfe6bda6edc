import { BulkTasksResponse, type BulkTasksRequest } from '@tom/contracts/tom/task/v1/task_service';
import { isDomainError } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';
import {
  cancelTask,
  claimTask,
  completeTask,
  reassignTask,
  releaseTask,
  reopenTask,
  rescheduleTask,
  startTask,
} from '../domain/task-actions.ts';
import { applyToTasks, type TaskAction } from './change-task.ts';
import { once } from './once.ts';
import { reassignmentOf } from './reassign-task.ts';

export const bulkActions = ['claim', 'release', 'start', 'complete', 'cancel', 'reopen', 'reassign', 'reschedule'] as const;
export type BulkAction = (typeof bulkActions)[number];

/** One action on many tasks in one transaction; a task that refuses it does not hold up the others. */
export async function bulkTasks(deps: Deps, call: CallContext, action: BulkAction, request: BulkTasksRequest): Promise<BulkTasksResponse> {
  const act = actionOf(deps, action, request);
  return once(deps, call, request, BulkTasksResponse, async (tx) => {
    const outcomes = await applyToTasks(deps, tx, call, request.taskIds, act);
    return {
      results: outcomes.map((outcome, index) => ({
        taskId: request.taskIds[index] ?? '',
        ok: !isDomainError(outcome),
        problem: isDomainError(outcome)
          ? { code: outcome.code, message: outcome.message, details: { ...outcome.details } }
          : undefined,
      })),
    };
  });
}

function actionOf(deps: Deps, action: BulkAction, request: BulkTasksRequest): TaskAction {
  const now = deps.clock.now();
  const actions: Readonly<Record<BulkAction, TaskAction>> = {
    claim: (task, person) => claimTask(task, person, now),
    release: releaseTask,
    start: (task, person) => startTask(task, person, now),
    complete: (task, person) => completeTask(task, person, { result: request.result || null }, now),
    cancel: (task, person) => cancelTask(task, person, { reason: request.reason ?? '' }, now),
    reopen: reopenTask,
    reassign: (task) => reassignTask(task, reassignmentOf(deps, request), now),
    reschedule: (task, person) => rescheduleTask(task, person, { dueAt: new Date(request.dueAt ?? now) }),
  };
  return actions[action];
}

import type { CancelTaskRequest } from '@tom/contracts/tom/task/v1/task_service';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';
import { cancelTask } from '../domain/task-actions.ts';
import { changeTask } from './change-task.ts';

export function cancel(deps: Deps, call: CallContext, request: CancelTaskRequest) {
  return changeTask(deps, call, request, (task, person) => cancelTask(task, person, request, deps.clock.now()));
}

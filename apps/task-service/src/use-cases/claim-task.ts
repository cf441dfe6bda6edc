import type { TaskActionRequest } from '@tom/contracts/tom/task/v1/task_service';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';
import { claimTask } from '../domain/task-actions.ts';
import { changeTask } from './change-task.ts';

export function claim(deps: Deps, call: CallContext, request: TaskActionRequest) {
  return changeTask(deps, call, request, (task, person) => claimTask(task, person, deps.clock.now()));
}

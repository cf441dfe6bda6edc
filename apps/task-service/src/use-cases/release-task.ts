import type { TaskActionRequest } from '@tom/contracts/tom/task/v1/task_service';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';
import { releaseTask } from '../domain/task-actions.ts';
import { changeTask } from './change-task.ts';

export function release(deps: Deps, call: CallContext, request: TaskActionRequest) {
  return changeTask(deps, call, request, releaseTask);
}

import type { CompleteTaskRequest } from '@tom/contracts/tom/task/v1/task_service';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';
import { completeTask } from '../domain/task-actions.ts';
import { changeTask } from './change-task.ts';

export function complete(deps: Deps, call: CallContext, request: CompleteTaskRequest) {
  const command = { result: request.result || null };
  return changeTask(deps, call, request, (task, person) => completeTask(task, person, command, deps.clock.now()));
}

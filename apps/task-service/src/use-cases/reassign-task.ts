import type { ReassignTaskRequest } from '@tom/contracts/tom/task/v1/task_service';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';
import { reassignTask, type Reassignment } from '../domain/task-actions.ts';
import { changeTask } from './change-task.ts';

export function reassign(deps: Deps, call: CallContext, request: ReassignTaskRequest) {
  const command = reassignmentOf(deps, request);
  return changeTask(deps, call, request, (task) => reassignTask(task, command, deps.clock.now()));
}

/** Another queue brings its role along, unless another one is named. */
export function reassignmentOf({ catalog }: Deps, request: Omit<ReassignTaskRequest, 'taskId'>): Reassignment {
  return {
    queue: request.queue ?? null,
    role: request.role ?? null,
    userId: request.userId ?? null,
    queueRole: request.queue === undefined ? null : (catalog.queues.get(request.queue)?.role ?? null),
  };
}

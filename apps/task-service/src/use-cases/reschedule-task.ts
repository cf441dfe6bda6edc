import type { RescheduleTaskRequest } from '@tom/contracts/tom/task/v1/task_service';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';
import { rescheduleTask } from '../domain/task-actions.ts';
import { changeTask } from './change-task.ts';

export function reschedule(deps: Deps, call: CallContext, request: RescheduleTaskRequest, dueAt: Date) {
  return changeTask(deps, call, request, (task, person) => rescheduleTask(task, person, { dueAt }));
}

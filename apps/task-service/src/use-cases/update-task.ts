import { TaskView, type UpdateTaskRequest } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import { readViews } from '../adapters/task-view.ts';
import type { Deps } from '../deps.ts';
import { updateTask, type TaskPatch } from '../domain/task-actions.ts';
import { changeTask } from './change-task.ts';

/** Changes what people edit, if they saw the present version. */
export async function update(deps: Deps, call: CallContext, request: UpdateTaskRequest, patch: TaskPatch): Promise<TaskView> {
  if (typeof patch.contactId === 'string') await requireContact(deps, call, request.taskId, patch.contactId);
  return changeTask(deps, call, request, (task, person, held) => {
    const decision = updateTask(task, person, patch, deps.clock.now());
    if (request.version !== task.version) {
      throw new DomainError('STALE_VERSION', 'The task was changed by somebody else.', {
        current: TaskView.toJSON(held.viewOf(task)),
        by: task.updatedBy,
        at: task.updatedAt.toISOString(),
      });
    }
    return decision;
  });
}

async function requireContact({ database, owners }: Deps, call: CallContext, taskId: string, contactId: string): Promise<void> {
  const [view] = await readViews(database, [taskId]);
  // An unknown task is refused where it is looked for.
  if (!view?.task || view.task.contactId === contactId) return;
  if (await owners.hasContact(view.task.orgId, contactId, call)) return;
  throw DomainError.invalid([
    { path: 'contactId', message: 'is not a contact of this company', expected: 'the id of one of its contacts' },
  ]);
}

import { TaskView, type UpdateTaskRequest } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import { readViews } from '../adapters/task-view.ts';
import type { Deps } from '../deps.ts';
import { wasErased } from '../domain/task.ts';
import { updateTask, type TaskPatch } from '../domain/task-actions.ts';
import { changeTask } from './change-task.ts';

/** Changes what people edit, if they saw the present version. */
export async function update(deps: Deps, call: CallContext, request: UpdateTaskRequest, patch: TaskPatch): Promise<TaskView> {
  const [view] = await readViews(deps.database, [request.taskId]);
  if (view && typeof patch.contactId === 'string') await requireContact(deps, call, view, patch.contactId);
  const erased = view !== undefined && (await isErased(deps, call, view));
  return changeTask(deps, call, request, (task, person, held) => {
    const decision = updateTask(task, person, patch, deps.clock.now());
    if (request.version !== task.version) {
      throw new DomainError('STALE_VERSION', 'The task was changed by somebody else.', {
        current: TaskView.toJSON(held.viewOf(task)),
        by: task.updatedBy,
        at: task.updatedAt.toISOString(),
      });
    }
    if (erased) throw wasErased();
    return decision;
  });
}

/** Only a company without a name can have been erased, and its owner is asked whether it was. */
async function isErased({ owners }: Deps, call: CallContext, { task, org }: TaskView): Promise<boolean> {
  if (task === undefined || org?.name !== undefined) return false;
  return (await owners.findOrg(task.orgId, call))?.erased === true;
}

async function requireContact({ owners }: Deps, call: CallContext, { task }: TaskView, contactId: string): Promise<void> {
  if (!task || task.contactId === contactId) return;
  if (await owners.hasContact(task.orgId, contactId, call)) return;
  throw DomainError.invalid([
    { path: 'contactId', message: 'is not a contact of this company', expected: 'the id of one of its contacts' },
  ]);
}

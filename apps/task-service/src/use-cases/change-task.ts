import { TaskView } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError, isDomainError, isUuid } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { draftsOf } from '../adapters/task-events.ts';
import { lockViews, type LockedView } from '../adapters/task-view.ts';
import type { Deps } from '../deps.ts';
import type { Person, Task, TaskEvent } from '../domain/task.ts';
import type { TaskDecision } from '../domain/task-actions.ts';
import { once } from './once.ts';
import { personBefore } from './rights.ts';

/** One action on one task, already bound to its command. */
export type TaskAction = (task: Task, person: Person, situation: LockedView) => TaskDecision;

/** Does an action to one task and answers the task as it then is. */
export async function changeTask(
  deps: Deps,
  call: CallContext,
  request: { readonly taskId: string },
  action: TaskAction,
): Promise<TaskView> {
  return once(deps, call, request, TaskView, async (tx) => {
    const [result] = await applyToTasks(deps, tx, call, [request.taskId], action);
    if (!result) throw DomainError.notFound('The task');
    if (isDomainError(result)) throw result;
    return result;
  });
}

/**
 * Does one action to many tasks: locked, decided, saved and told in one statement each. Answers a view or the refusal for
 * each id, in their order.
 */
export async function applyToTasks(
  deps: Deps,
  tx: Tx,
  call: CallContext,
  taskIds: readonly string[],
  action: TaskAction,
): Promise<(TaskView | DomainError)[]> {
  const locked = await lockViews(tx, [...new Set(taskIds.filter(isUuid).map((id) => id.toLowerCase()))]);
  const outcomes = new Map<string, TaskView | DomainError>();
  const changed: Task[] = [];
  const events: TaskEvent[] = [];
  for (const [taskId, held] of locked) {
    try {
      const decision = action(held.task, personBefore(deps, call, held.task), held);
      if (decision.events.length > 0) changed.push(decision.next);
      events.push(...decision.events);
      outcomes.set(taskId, held.viewOf(decision.next));
    } catch (error) {
      if (!isDomainError(error)) throw error;
      outcomes.set(taskId, error);
    }
  }
  await deps.tasks.save(tx, changed, deps.clock.now());
  await deps.outbox.append(tx, requestOrigin(call), draftsOf(events));
  return taskIds.map((id) => outcomes.get(id.toLowerCase()) ?? DomainError.notFound('The task'));
}

import type { CancelCaseTasks } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { cancelCase } from '../adapters/org-table.ts';
import type { Deps } from '../deps.ts';
import type { Task } from '../domain/task.ts';
import { cancelOpen } from './cancel-open.ts';

/**
 * The case was closed, or a rule says so: what its template still has open is cancelled. The next step stays, with its
 * person.
 */
export function onCancelCaseTasks({ tasks }: Pick<Deps, 'tasks'>) {
  return async (context: HandlerContext<CancelCaseTasks>): Promise<void> => {
    const { tx, envelope } = context;
    const { caseId, orgId, reason, caseGoesOn, taskTypes } = envelope.data;
    if (!caseGoesOn) await cancelCase(tx, { caseId, orgId, at: new Date(envelope.time) });
    const open = await tasks.lockOpenOfCase(tx, caseId);
    await cancelOpen(tasks, context, open.filter(isMeant(taskTypes, new Date(envelope.time), caseGoesOn)), reason);
  };
}

/** A case that goes on keeps what was created since; without types all are meant. */
function isMeant(types: readonly string[], at: Date, caseGoesOn: boolean) {
  return (task: Task): boolean =>
    (types.length === 0 || types.includes(task.taskType)) && (!caseGoesOn || task.createdAt <= at);
}

import type { ActivityDeleted } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { lockFollowUp, saveFollowUp } from '../adapters/follow-up-table.ts';
import { draftsOf } from '../adapters/task-events.ts';
import type { Deps } from '../deps.ts';
import { decideDeletion } from '../domain/follow-up.ts';
import { reopenAfterDeletion } from '../domain/task-actions.ts';

/** Cancels the open call-back, and reopens the task that the activity completed if nothing happened to it since. */
export function onActivityDeleted({ tasks }: Pick<Deps, 'tasks'>) {
  return async ({ tx, now, envelope, emit }: HandlerContext<ActivityDeleted>): Promise<void> => {
    const { activityId, orgId, caseId, activityType } = envelope.data;
    const known = await lockFollowUp(tx, activityId);
    const touched = [known?.taskId, known?.completedTaskId].filter((id) => id !== null && id !== undefined);
    const present = await tasks.lock(tx, touched);
    const callBack = present.get(known?.taskId ?? '');
    const decision = decideDeletion(known, callBack, { activityId, orgId, revision: envelope.revision, caseId: caseId ?? null }, now);
    if (!decision) return;
    await saveFollowUp(tx, { ...decision.next, activityType, outcomeCode: null, occurredAt: null });
    const completed = present.get(known?.completedTaskId ?? '');
    const reopened = completed && reopenAfterDeletion(completed, known?.completedRevision ?? 0);
    const decisions = [decision.task, reopened].filter((item) => item !== undefined && item.events.length > 0);
    await tasks.save(tx, decisions.flatMap((item) => (item ? [item.next] : [])), now);
    for (const item of decisions) emit(...draftsOf(item?.events ?? []));
  };
}

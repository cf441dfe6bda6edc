import type { ActivityUpdated } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { lockFollowUp, saveFollowUp } from '../adapters/follow-up-table.ts';
import { readOrgClosing } from '../adapters/org-table.ts';
import { draftsOf } from '../adapters/task-events.ts';
import type { Deps } from '../deps.ts';
import { decideFollowUp } from '../domain/follow-up.ts';
import { callBackOf, seenIn, shownOf, targetOf } from './activity-seen.ts';
import { completeByActivities } from './complete-by-activities.ts';

/** Moves, cancels or makes the call-back as the activity's revision says; an update may come before its log. */
export function onActivityUpdated(deps: Pick<Deps, 'catalog' | 'tasks'>) {
  return async ({ tx, now, envelope, emit }: HandlerContext<ActivityUpdated>): Promise<void> => {
    const seen = seenIn(envelope);
    const known = await lockFollowUp(tx, seen.activityId);
    const task = known?.taskId ? (await deps.tasks.lock(tx, [known.taskId])).get(known.taskId) : undefined;
    const decision = decideFollowUp(known, task, seen, targetOf(deps, seen.queue), now);
    if (!decision) return;
    await saveFollowUp(tx, { ...decision.next, ...shownOf(envelope) });
    if (decision.task) {
      await deps.tasks.save(tx, [decision.task.next], now);
      emit(...draftsOf(decision.task.events));
    }
    if (decision.create) {
      const created = callBackOf(deps, envelope, decision.create, await readOrgClosing(tx, seen.orgId), now);
      const inserted = await deps.tasks.insert(tx, [created.next]);
      if (inserted.size > 0) emit(...draftsOf(created.events));
    }
    if (!known) await completeByActivities(deps.tasks, tx, now, [{ envelope, emit }]);
  };
}

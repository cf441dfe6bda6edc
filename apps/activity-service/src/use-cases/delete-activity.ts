import { ActivityDeleted } from '@tom/contracts/messages';
import { contentHash, DomainError, ids, isUuid } from '@tom/kernel';
import { idempotent, requestOrigin } from '@tom/messaging';
import type { CallContext } from '@tom/runtime';
import { lockActivity, saveActivity } from '../adapters/activity-table.ts';
import { removeEntry } from '../adapters/timeline-table.ts';
import { deleteActivity as decide, requireCurrent } from '../domain/activity.ts';
import { requireLogging, type Context } from './context.ts';

export interface DeleteActivityCommand {
  readonly activityId: string;
  readonly version: number;
}

/** Takes an activity back: it disappears from every list, and task-service undoes what it had caused. */
export async function deleteActivity(
  context: Context,
  command: DeleteActivityCommand,
  call: CallContext,
): Promise<void> {
  const { database, clock, outbox } = context;
  const { activityId, version } = command;
  requireLogging(context, call);
  if (!isUuid(activityId)) throw DomainError.notFound('The activity');
  const request = {
    actor: call.caller.actor,
    route: call.idempotency?.route ?? '',
    key: call.idempotency?.key,
    bodyHash: contentHash(command),
  };
  await database.transaction((tx) =>
    idempotent(tx, request, async () => {
      const stored = requireCurrent(await lockActivity(tx, activityId), version);
      const { next } = decide(stored, call.caller.id, clock.now().toISOString());
      const { orgId, caseId, completesTaskId, activityType } = next.activity;
      await saveActivity(tx, next);
      await removeEntry(tx, ids.timelineEntry('activity', activityId));
      await outbox.append(tx, requestOrigin(call), [
        {
          type: ActivityDeleted,
          aggregateId: activityId,
          revision: next.revision,
          orgId,
          data: { activityId, orgId, caseId, completesTaskId, activityType },
        },
      ]);
      return {};
    })
  );
}

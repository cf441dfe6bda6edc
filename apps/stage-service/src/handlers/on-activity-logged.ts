import type { Activity } from '@tom/contracts/tom/activity/v1/activity';
import type { BatchContext } from '@tom/messaging';
import { rememberActivities } from '../adapters/outlook.ts';

/** Logged or updated: the event carries the activity as it is after it; the latest revision wins. */
export async function onActivityLogged({ tx, items }: BatchContext<{ readonly activity: Activity }>): Promise<void> {
  await rememberActivities(
    tx,
    items.map(({ envelope }) => {
      const { activity } = envelope.data;
      return {
        activityId: activity.activityId,
        orgId: activity.orgId,
        revision: envelope.revision,
        deleted: false,
        activityType: activity.activityType,
        outcomeCode: activity.outcomeCode ?? null,
        occurredAt: activity.occurredAt ?? envelope.time,
        loggedBy: activity.createdBy,
      };
    }),
  );
}

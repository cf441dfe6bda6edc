import type { ActivityDeleted } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { rememberActivities } from '../adapters/outlook.ts';

/** Kept as deleted, so that an older event that comes late does not bring it back. */
export async function onActivityDeleted({ tx, items }: BatchContext<ActivityDeleted>): Promise<void> {
  await rememberActivities(
    tx,
    items.map(({ envelope }) => ({
      activityId: envelope.data.activityId,
      orgId: envelope.data.orgId,
      revision: envelope.revision,
      deleted: true,
      activityType: envelope.data.activityType,
      outcomeCode: null,
      occurredAt: null,
      loggedBy: null,
    })),
  );
}

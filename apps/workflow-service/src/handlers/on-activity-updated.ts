import type { ActivityUpdated } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { observe } from '../adapters/observation-tables.ts';
import { knownActivity, projectActivities } from '../adapters/work-projection.ts';
import { activityCodes } from './on-activity-logged.ts';
import { recomputeStatus } from './recompute-status.ts';

/** An activity may have moved to another case: the status of both is computed anew. */
export async function onActivityUpdated({ tx, now, items }: BatchContext<ActivityUpdated>): Promise<void> {
  const affected = await projectActivities(
    tx,
    items.map(({ envelope }) => knownActivity(envelope.data.activity, envelope.revision)),
  );
  const causes = new Map(
    affected.map((caseId) => [
      caseId,
      items.findLast(({ envelope }) => envelope.data.activity.caseId === caseId) ?? items[0],
    ]),
  );
  await recomputeStatus(
    tx,
    now,
    affected,
    new Map([...causes].flatMap(([caseId, item]) => (item ? [[caseId, item]] : []))),
  );
  const observations = items.map(({ envelope }) => ({
    envelope,
    caseId: envelope.data.activity.caseId,
    codes: { ...activityCodes(envelope.data.activity), changed_fields: envelope.data.changedFields.join(',') },
  }));
  observe(tx, now, observations);
}

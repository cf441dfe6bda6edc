import type { ActivityDeleted } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { observe } from '../adapters/observation-tables.ts';
import { projectActivities } from '../adapters/work-projection.ts';
import { recomputeStatus } from './recompute-status.ts';

/** What was undone was no work on the case. */
export async function onActivityDeleted(context: HandlerContext<ActivityDeleted>): Promise<void> {
  const { tx, now, envelope } = context;
  const { activityId, orgId, caseId, activityType } = envelope.data;
  const affected = await projectActivities(tx, [
    { activityId, revision: envelope.revision, orgId, caseId, deleted: true },
  ]);
  await recomputeStatus(tx, now, affected, new Map(affected.map((id) => [id, context])));
  observe(tx, now, [{ envelope, caseId, codes: { activity_type: activityType } }]);
}

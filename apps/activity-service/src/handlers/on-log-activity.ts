import type { Catalog } from '@tom/catalog';
import { ActivityLogged, type LogActivity } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { insertActivities } from '../adapters/activity-table.ts';
import { activityEntry } from '../adapters/entries/activity-entries.ts';
import { findKnownOrg } from '../adapters/known-org-table.ts';
import { insertEntries } from '../adapters/timeline-table.ts';
import { newActivity } from '../domain/activity.ts';

/**
 * The activity that came with a transition. It was checked before the pivot, so nothing is refused here; its id is given,
 * so a second delivery finds it, also when it was deleted since.
 */
export const onLogActivity =
  (catalog: Catalog) => async ({ tx, envelope, emit }: HandlerContext<LogActivity>): Promise<void> => {
    const { activityId, orgId, fields, queue, createdBy, createdAt } = envelope.data;
    const erased = (await findKnownOrg(tx, orgId))?.erased === true;
    const stored = newActivity({
      activityId,
      orgId,
      // Erased since: that it happened is kept, what was said of it is not.
      fields: erased ? { ...fields, subject: undefined, notes: undefined } : fields,
      place: { caseId: fields.caseId, queue },
      by: createdBy,
      at: new Date(createdAt).toISOString(),
    });
    if (!(await insertActivities(tx, [stored])).has(activityId)) return;
    const { activity, revision } = stored;
    const { actor, correlationId, id: causationId } = envelope;
    await insertEntries(tx, [activityEntry({ actor, correlationId, causationId }, activity, catalog)]);
    emit({ type: ActivityLogged, aggregateId: activityId, revision, orgId, data: { activity }, actor });
  };

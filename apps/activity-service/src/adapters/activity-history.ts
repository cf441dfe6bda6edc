import type { Envelope } from '@tom/messaging';
import { sql, type Database, type Tx } from '@tom/postgres';

const idsOfOrg = sql('activity.ids_of_org', 'select activity_id from activity where org_id = $1 and not deleted order by activity_id');
/** Exported for the test of its plan. */
export const lockForEntries = sql(
  'activity.lock_for_entries',
  'select activity_id, deleted from activity where activity_id = any ($1::uuid[]) order by activity_id for share',
);
const eventsOf = sql(
  'activity_history.of_activities',
  'select envelope from activity_history where aggregate_id = any ($1::uuid[]) order by aggregate_id, revision',
);

/** Every activity of a company that is not deleted. */
export async function activityIdsOf(database: Database, orgId: string): Promise<string[]> {
  return (await database.query<{ activity_id: string }>(idsOfOrg, [orgId])).map((row) => row.activity_id);
}

/**
 * What happened to these activities, each from its first event on, without those deleted since. Nobody changes them until
 * this transaction ends.
 */
export async function holdActivities(tx: Tx, activityIds: readonly string[]): Promise<Envelope[][]> {
  const rows = await tx.query<{ activity_id: string; deleted: boolean }>(lockForEntries, [activityIds]);
  const kept = rows.filter((row) => !row.deleted).map((row) => row.activity_id);
  const events = new Map<string, Envelope[]>(kept.map((id) => [id, []]));
  for (const { envelope } of await tx.query<{ envelope: Envelope }>(eventsOf, [kept])) {
    events.get(envelope.aggregateId)?.push(envelope);
  }
  return [...events.values()].filter((history) => history.length > 0);
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActivityLogged } from '@tom/contracts/messages';
import { ids, newId, systemClock } from '@tom/kernel';
import { createOutbox } from '@tom/messaging';
import { createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import { migrations } from '../../migrations/index.ts';
import { newActivity } from '../domain/activity.ts';
import { createActivityLog, type LogItem } from './activity-log.ts';

let db: TestDatabase;
const outbox = createOutbox({
  source: 'activity-service',
  clock: systemClock,
  histories: { activity: 'activity_history' },
});
beforeAll(async () => {
  db = await createTestDatabase({ migrations });
});
afterAll(() => db.drop());

function item(): LogItem {
  const at = systemClock.now().toISOString();
  const [activityId, orgId] = [newId(), newId()];
  const stored = newActivity({ activityId, orgId, fields: { activityType: 'CALL' }, place: {}, by: 'ida', at });
  const messages = outbox.rows({ correlationId: newId(), depth: 0, actor: 'user:ida' }, [
    { type: ActivityLogged, aggregateId: activityId, revision: 1, orgId, data: { activity: stored.activity } },
  ]);
  const entry = {
    entry_id: ids.timelineEntry('activity', activityId),
    org_id: orgId,
    kind: 'ACTIVITY',
    at,
    actor: 'user:ida',
    title_de: 'x',
    title_en: 'x',
    source_type: 'activity',
    source_id: activityId,
  } as const;
  return { stored, entry, messages, answer: undefined };
}

const counts = async () => {
  const [row] = await db.database.query({
    name: 'test.counts',
    text: `select (select count(*)::int from activity) as activities,
    (select count(*)::int from activity_history) as history, (select count(*)::int from timeline_entry) as entries, (select count(*)::int from outbox) as messages`,
  });
  return row;
};

describe('the activity log', () => {
  it('writes all rows of all items in one statement', async () => {
    const log = createActivityLog(db.database, outbox);
    await Promise.all(Array.from({ length: 250 }, () => log(item())));
    expect(await counts()).toEqual({ activities: 250, history: 250, entries: 250, messages: 250 });
  });

  it('takes an item that was committed unheard for done, and writes nothing twice', async () => {
    const log = createActivityLog(db.database, outbox);
    const before = await counts();
    const once = item();
    expect(await log(once)).toEqual({ replayed: false });
    expect(await log(once)).toEqual({ replayed: false });
    expect(await counts()).toEqual(
      Object.fromEntries(Object.entries(before ?? {}).map(([name, n]) => [name, Number(n) + 1])),
    );
  });
});

import type { ActivityLogged } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { noteFollowUps } from '../adapters/follow-up-table.ts';
import { draftsOf } from '../adapters/task-events.ts';
import type { Deps } from '../deps.ts';
import { decideFollowUp } from '../domain/follow-up.ts';
import { callBackOf, seenIn, shownOf, targetOf } from './activity-seen.ts';
import { completeByActivities } from './complete-by-activities.ts';

/**
 * The hot one: a batch of logged activities becomes call-backs in two statements, however many they are. A log is the
 * first revision, so an activity that is known already (an update or deletion overtook it) has nothing to learn from it.
 */
export function onActivityLogged(deps: Pick<Deps, 'catalog' | 'tasks'>) {
  return async ({ tx, now, items }: BatchContext<ActivityLogged>): Promise<void> => {
    const first = new Map([...items].reverse().map((item) => [item.envelope.data.activity.activityId, item]));
    const decided = [...first.values()].reverse().flatMap((item) => {
      const seen = seenIn(item.envelope);
      const decision = decideFollowUp(undefined, undefined, seen, targetOf(deps, seen.queue), now);
      return decision ? [{ item, decision }] : [];
    });
    const fresh = await noteFollowUps(tx, decided.map(({ item, decision }) => ({ ...decision.next, ...shownOf(item.envelope) })));

    const callBacks = decided.flatMap(({ item, decision }) => {
      const org = fresh.get(decision.next.activityId);
      if (!org || !decision.create) return [];
      return [{ item, created: callBackOf(deps, item.envelope, decision.create, org, now) }];
    });
    const inserted = await deps.tasks.insert(tx, callBacks.map(({ created }) => created.next));
    for (const { item, created } of callBacks) {
      if (inserted.has(created.next.taskId)) item.emit(...draftsOf(created.events));
    }

    const freshItems = decided.filter(({ decision }) => fresh.has(decision.next.activityId)).map(({ item }) => item);
    await completeByActivities(deps.tasks, tx, now, freshItems);
  };
}

import type { ActivityLogged } from '@tom/contracts/messages';
import type { Envelope } from '@tom/messaging';
import type { Deps } from '../deps.ts';
import type { ActivityShown } from '../adapters/follow-up-table.ts';
import type { ActivitySeen } from '../domain/follow-up.ts';
import { callBack } from '../domain/new-task.ts';
import { andThen, CLOSED_MEANWHILE, cancelForRule, unchanged, type TaskDecision } from '../domain/task-actions.ts';

type Told = Envelope<Pick<ActivityLogged, 'activity'>>;

const WITHOUT_CASE = 'INSIDE_SALES';

/** What the rule looks at, of an activity as an event tells it. */
export function seenIn({ revision, data: { activity } }: Told): ActivitySeen {
  return {
    activityId: activity.activityId,
    orgId: activity.orgId,
    revision,
    followUpAt: activity.followUpAt ? new Date(activity.followUpAt) : null,
    followUpRevision: activity.followUpRevision,
    caseId: activity.caseId ?? null,
    queue: activity.queue ?? null,
  };
}

export function shownOf({ data: { activity } }: Told): ActivityShown {
  return {
    activityType: activity.activityType,
    outcomeCode: activity.outcomeCode ?? null,
    occurredAt: new Date(activity.occurredAt ?? activity.createdAt ?? 0),
  };
}

/** Where the call-back goes: the queue of the activity's case, with the role that works it. */
export function targetOf({ catalog }: Pick<Deps, 'catalog'>, queue: string | null): { queue: string; role: string } {
  const known = catalog.queues.get(queue ?? WITHOUT_CASE) ?? catalog.queues.get(WITHOUT_CASE);
  return { queue: known?.queue ?? WITHOUT_CASE, role: known?.role ?? WITHOUT_CASE.toLowerCase() };
}

/** The call-back of an activity; born cancelled when its company was closed after it was agreed on. */
export function callBackOf(
  deps: Pick<Deps, 'catalog'>,
  told: Told,
  create: { readonly taskId: string; readonly dueAt: Date },
  org: { readonly cancelledBefore: Date | null; readonly erased: boolean },
  now: Date,
): TaskDecision {
  const { activity } = told.data;
  const agreedAt = new Date((told.revision > 1 ? activity.updatedAt : activity.createdAt) ?? told.time);
  const decision = callBack({
    ...create,
    activityId: activity.activityId,
    orgId: activity.orgId,
    caseId: activity.caseId ?? null,
    contactId: activity.contactId ?? null,
    subject: org.erased ? null : (activity.subject ?? null),
    loggedBy: activity.createdBy,
    agreedAt,
    ...targetOf(deps, activity.queue ?? null),
  });
  const tooLate = org.cancelledBefore !== null && agreedAt < org.cancelledBefore;
  return andThen(decision, (task) => (tooLate ? cancelForRule(task, CLOSED_MEANWHILE, told.actor, now) : unchanged(task)));
}

import { ids } from '@tom/kernel';
import { isOpen, type Task } from './task.ts';
import { cancelForRule, moveDue, moveToCase, andThen, unchanged, type TaskDecision } from './task-actions.ts';

/** What was decided about the follow-up of an activity, and by which of the activity's revisions. */
export interface FollowUp {
  readonly activityId: string;
  readonly orgId: string;
  readonly revision: number;
  readonly deleted: boolean;
  readonly followUpAt: Date | null;
  /** The revision of the activity at which its follow-up was last set, moved or cleared. */
  readonly followUpRevision: number;
  /** How many call-backs there were; the last one is `taskId`. */
  readonly generation: number;
  readonly taskId: string | null;
  readonly caseId: string | null;
  readonly queue: string | null;
  /** The task that the activity did, and the task's revision by that. */
  readonly completedTaskId: string | null;
  readonly completedRevision: number | null;
}

/** An activity as an event tells it. */
export interface ActivitySeen {
  readonly activityId: string;
  readonly orgId: string;
  readonly revision: number;
  readonly followUpAt: Date | null;
  readonly followUpRevision: number;
  readonly caseId: string | null;
  /** The queue of its case. */
  readonly queue: string | null;
}

/** What to do about the call-back: nothing, make one more, or what has happened to the present one. */
export interface FollowUpDecision {
  readonly next: FollowUp;
  readonly create?: { readonly taskId: string; readonly dueAt: Date };
  readonly task?: TaskDecision;
}

export const FOLLOW_UP_CLEARED = 'FOLLOW_UP_CLEARED';
export const ACTIVITY_DELETED = 'ACTIVITY_DELETED';

/**
 * The one rule behind "exactly one CALL_BACK with the latest due date": the activity's revision decides, never the order
 * of arrival. `known` is what was decided before, `task` the present call-back. Undefined: this was known already.
 */
export function decideFollowUp(
  known: FollowUp | undefined,
  task: Task | undefined,
  seen: ActivitySeen,
  target: { readonly queue: string; readonly role: string },
  now: Date,
): FollowUpDecision | undefined {
  if (known && (known.deleted || seen.revision <= known.revision)) return undefined;
  const before = known ?? nothingKnown(seen);
  const next: FollowUp = {
    ...before,
    revision: seen.revision,
    followUpAt: seen.followUpAt,
    followUpRevision: Math.max(before.followUpRevision, seen.followUpRevision),
    caseId: seen.caseId,
    queue: seen.queue,
  };
  const moved = known === undefined || seen.followUpRevision > known.followUpRevision;
  const open = task !== undefined && isOpen(task);
  if (seen.followUpAt === null) {
    return open ? { next, task: cancelForRule(task, FOLLOW_UP_CLEARED, BY_AUTOMATION, now) } : { next };
  }
  const dueAt = seen.followUpAt;
  if (!open) {
    if (!moved) return { next };
    const generation = before.generation + 1;
    const taskId = ids.callBack(seen.activityId, generation);
    return { next: { ...next, generation, taskId }, create: { taskId, dueAt } };
  }
  const elsewhere = known !== undefined && known.caseId !== seen.caseId;
  const decision = andThen(moved ? moveDue(task, dueAt) : unchanged(task), (current) =>
    elsewhere ? moveToCase(current, { caseId: seen.caseId, ...target }) : unchanged(current),
  );
  return decision.events.length > 0 ? { next, task: decision } : { next };
}

/** The activity is gone: its open call-back is cancelled, and nothing that arrives later brings it back. */
export function decideDeletion(
  known: FollowUp | undefined,
  task: Task | undefined,
  seen: { readonly activityId: string; readonly orgId: string; readonly revision: number; readonly caseId: string | null },
  now: Date,
): FollowUpDecision | undefined {
  if (known && (known.deleted || seen.revision <= known.revision)) return undefined;
  const before = known ?? nothingKnown({ ...seen, queue: null });
  const next: FollowUp = { ...before, revision: seen.revision, deleted: true, followUpAt: null };
  return task && isOpen(task)
    ? { next, task: cancelForRule(task, ACTIVITY_DELETED, BY_AUTOMATION, now) }
    : { next };
}

/** Who is said to have closed what nobody closed by hand. */
export const BY_AUTOMATION = 'service:task-service';

function nothingKnown(seen: Pick<ActivitySeen, 'activityId' | 'orgId' | 'caseId' | 'queue'>): FollowUp {
  return {
    activityId: seen.activityId,
    orgId: seen.orgId,
    revision: 0,
    deleted: false,
    followUpAt: null,
    followUpRevision: 0,
    generation: 0,
    taskId: null,
    caseId: seen.caseId,
    queue: seen.queue,
    completedTaskId: null,
    completedRevision: null,
  };
}

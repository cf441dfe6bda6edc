import { DomainError, type Decision } from '@tom/kernel';

/** An activity as it is told to others; instants are RFC 3339 with milliseconds. */
export interface Activity {
  readonly activityId: string;
  readonly orgId: string;
  readonly activityType: string;
  readonly direction?: string | undefined;
  readonly occurredAt: string;
  readonly durationMinutes?: number | undefined;
  readonly outcomeCode?: string | undefined;
  readonly subject?: string | undefined;
  readonly notes?: string | undefined;
  readonly contactId?: string | undefined;
  readonly caseId?: string | undefined;
  readonly followUpAt?: string | undefined;
  readonly followUpTaskId?: string | undefined;
  readonly completesTaskId?: string | undefined;
  readonly version: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** Of its case; absent without one. */
  readonly queue?: string | undefined;
  /** The revision at which followUpAt was last set, moved or cleared; 0: never. */
  readonly followUpRevision: number;
}

/** An activity with what only its own service knows: the revision of its last event, and whether it was deleted. */
export interface StoredActivity {
  readonly activity: Activity;
  readonly revision: number;
  readonly deleted: boolean;
}

/** What a person gives; the same in a request, in the command of a transition, and in a patch. */
export interface ActivityFields {
  readonly activityType: string;
  readonly direction?: string | undefined;
  readonly occurredAt?: string | undefined;
  readonly durationMinutes?: number | undefined;
  readonly outcomeCode?: string | undefined;
  readonly subject?: string | undefined;
  readonly notes?: string | undefined;
  readonly contactId?: string | undefined;
  readonly caseId?: string | undefined;
  readonly followUpAt?: string | undefined;
  readonly completesTaskId?: string | undefined;
}

/** The case that an activity belongs to, and the queue of that case. */
export interface Place {
  readonly caseId?: string | undefined;
  readonly queue?: string | undefined;
}

/** What a PATCH may write. */
export const writableFields = [
  'activityType',
  'direction',
  'occurredAt',
  'durationMinutes',
  'outcomeCode',
  'subject',
  'notes',
  'contactId',
  'caseId',
  'followUpAt',
] as const satisfies readonly (keyof ActivityFields)[];

export type WritableField = (typeof writableFields)[number];

export type ActivityEvent =
  | { readonly type: 'updated'; readonly changedFields: readonly string[] }
  | { readonly type: 'deleted' };

/** A new activity; `fields` were checked, its place was found. */
export function newActivity(input: {
  readonly activityId: string;
  readonly orgId: string;
  readonly fields: ActivityFields;
  readonly place: Place;
  readonly by: string;
  readonly at: string;
}): StoredActivity {
  const { activityId, orgId, fields, place, by, at } = input;
  const activity: Activity = {
    activityId,
    orgId,
    activityType: fields.activityType,
    direction: fields.direction,
    occurredAt: normalised(fields.occurredAt) ?? at,
    durationMinutes: fields.durationMinutes,
    outcomeCode: fields.outcomeCode,
    subject: fields.subject,
    notes: fields.notes,
    contactId: fields.contactId,
    caseId: place.caseId,
    followUpAt: normalised(fields.followUpAt),
    completesTaskId: fields.completesTaskId,
    version: 1,
    createdAt: at,
    createdBy: by,
    updatedAt: at,
    updatedBy: by,
    queue: place.queue,
    followUpRevision: fields.followUpAt === undefined ? 0 : 1,
  };
  return { activity, revision: 1, deleted: false };
}

/** The fields that a patch would leave behind, to be checked as a whole. */
export function patchedFields(
  activity: Activity,
  patch: Partial<ActivityFields>,
  mask: readonly WritableField[],
): ActivityFields {
  const fields: Record<string, unknown> = {};
  for (const name of writableFields) {
    const value = mask.includes(name) ? patch[name] : activity[name];
    if (value !== undefined) fields[name] = value;
  }
  if (fields['occurredAt'] !== undefined) fields['occurredAt'] = normalised(fields['occurredAt'] as string);
  if (fields['followUpAt'] !== undefined) fields['followUpAt'] = normalised(fields['followUpAt'] as string);
  return fields as unknown as ActivityFields;
}

/** Throws STALE_VERSION unless the caller has seen the present version; NOT_FOUND when there is nothing (any more). */
export function requireCurrent(stored: StoredActivity | undefined, version: number): StoredActivity {
  if (!stored || stored.deleted) throw DomainError.notFound('The activity');
  const { activity } = stored;
  if (activity.version !== version) {
    throw new DomainError('STALE_VERSION', `The activity has version ${activity.version} by now.`, {
      current: shown(activity),
      by: activity.updatedBy,
      at: activity.updatedAt,
    });
  }
  return stored;
}

/**
 * Writes `fields` (the result of `patchedFields`) into an activity. The place counts only when caseId was in the patch: an
 * activity does not change cases because somebody corrects its notes. The same value again is no change.
 */
export function updateActivity(
  stored: StoredActivity,
  change: {
    readonly fields: ActivityFields;
    readonly place: Place | undefined;
    readonly by: string;
    readonly at: string;
  },
): Decision<StoredActivity, ActivityEvent> {
  const { activity, revision } = stored;
  const { fields, by, at } = change;
  const place = change.place ?? { caseId: activity.caseId, queue: activity.queue };
  const wanted: Pick<Activity, WritableField> = {
    activityType: fields.activityType,
    direction: fields.direction,
    occurredAt: fields.occurredAt ?? activity.occurredAt,
    durationMinutes: fields.durationMinutes,
    outcomeCode: fields.outcomeCode,
    subject: fields.subject,
    notes: fields.notes,
    contactId: fields.contactId,
    caseId: place.caseId,
    followUpAt: fields.followUpAt,
  };
  const changedFields = writableFields.filter((name) => wanted[name] !== activity[name]);
  if (changedFields.length === 0) return { next: stored, events: [] };
  const moved = changedFields.includes('followUpAt');
  const next: Activity = {
    ...activity,
    ...wanted,
    queue: place.queue,
    // Set anew after it was cleared: its task does not exist yet, the one before it was cancelled.
    followUpTaskId: moved && activity.followUpAt === undefined ? undefined : activity.followUpTaskId,
    version: activity.version + 1,
    updatedAt: at,
    updatedBy: by,
    followUpRevision: moved ? revision + 1 : activity.followUpRevision,
  };
  return {
    next: { activity: next, revision: revision + 1, deleted: false },
    events: [{ type: 'updated', changedFields }],
  };
}

/** Takes an activity back. Its row stays without its texts, so that a late command with the same id does not log it again. */
export function deleteActivity(
  stored: StoredActivity,
  by: string,
  at: string,
): Decision<StoredActivity, ActivityEvent> {
  const { activity, revision } = stored;
  return {
    next: {
      activity: { ...activity, subject: undefined, notes: undefined, updatedAt: at, updatedBy: by },
      revision: revision + 1,
      deleted: true,
    },
    events: [{ type: 'deleted' }],
  };
}

/** What the API shows of an activity: without the fields that only other services need. */
export function shown(activity: Activity): Record<string, unknown> {
  const hidden = new Set(['queue', 'followUpRevision']);
  return Object.fromEntries(
    Object.entries(activity).filter(([name, value]) => value !== undefined && !hidden.has(name)),
  );
}

function normalised(instant: string | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

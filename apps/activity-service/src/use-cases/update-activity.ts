import { ActivityUpdated } from '@tom/contracts/messages';
import { Activity as ActivityMessage } from '@tom/contracts/tom/activity/v1/activity';
import { contentHash, DomainError, isUuid, type Violation } from '@tom/kernel';
import { idempotent, requestOrigin, type IdempotentCall } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { lockActivity, readActivity, saveActivity } from '../adapters/activity-table.ts';
import { activityEntry } from '../adapters/entries/activity-entries.ts';
import { updateEntry } from '../adapters/timeline-table.ts';
import {
  patchedFields,
  requireCurrent,
  updateActivity as decide,
  type Activity,
  type ActivityFields,
  type Place,
  type StoredActivity,
  type WritableField,
} from '../domain/activity.ts';
import { checkFields, checkTimes } from '../domain/check-fields.ts';
import { enginesOf, requireLogging, type Context } from './context.ts';

export interface UpdateActivityCommand {
  readonly activityId: string;
  readonly version: number;
  /** What is written; a field in it without a value is cleared. */
  readonly mask: readonly WritableField[];
  readonly patch: Partial<ActivityFields>;
}

/** Changes an activity; the same values again change nothing and tell nobody. */
export async function updateActivity(
  context: Context,
  command: UpdateActivityCommand,
  call: CallContext,
): Promise<Activity> {
  const { database } = context;
  const { activityId, version } = command;
  checkPatch(context, command);
  requireLogging(context, call);
  const request = {
    actor: call.caller.actor,
    route: call.idempotency?.route ?? '',
    key: call.idempotency?.key,
    bodyHash: contentHash(command),
  };
  const answered = await answeredBefore(context, request);
  if (answered) return answered;
  const seen = requireCurrent(isUuid(activityId) ? await readActivity(database, activityId) : undefined, version);
  const fields = checkResult(context, seen.activity, command);
  const place = await findPlace(context, seen.activity, command, call);
  await context.places.requireNotErased(seen.activity.orgId, call);
  return database.transaction(async (tx) => {
    const { answer } = await idempotent(tx, request, async () => {
      const stored = requireCurrent(await lockActivity(tx, activityId), version);
      return ActivityMessage.toJSON(await save(context, tx, call, stored, fields, place));
    });
    return ActivityMessage.fromJSON(answer) as Activity;
  });
}

/** Looked up first: the version that the first request saw is stale at its repetition. */
async function answeredBefore(context: Context, request: IdempotentCall): Promise<Activity | undefined> {
  const { actor, route, key, bodyHash } = request;
  if (key === undefined) return undefined;
  const { answered } = await context.known({ idempotency: { actor, route, key } });
  return answered?.bodyHash === bodyHash ? (ActivityMessage.fromJSON(answered.answer) as Activity) : undefined;
}

async function save(
  { catalog, clock, outbox }: Context,
  tx: Tx,
  call: CallContext,
  stored: StoredActivity,
  fields: ActivityFields,
  place: Place | undefined,
): Promise<Activity> {
  const decision = decide(stored, { fields, place, by: call.caller.id, at: clock.now().toISOString() });
  const { next } = decision;
  const { activity } = next;
  for (const event of decision.events) {
    if (event.type !== 'updated') continue;
    await saveActivity(tx, next);
    await updateEntry(tx, activityEntry({ actor: call.caller.actor }, activity, catalog));
    await outbox.append(tx, requestOrigin(call), [
      {
        type: ActivityUpdated,
        aggregateId: activity.activityId,
        revision: next.revision,
        orgId: activity.orgId,
        data: { activity, changedFields: [...event.changedFields] },
      },
    ]);
  }
  return activity;
}

/** Whether these are right depends on the type that the activity will have. */
const COMBINED: ReadonlySet<string> = new Set(['outcomeCode', 'direction']);

/** What is wrong with the patch by itself, whatever it is applied to; codes are judged together with the rest. */
function checkPatch({ catalog }: Context, { patch, mask }: UpdateActivityCommand): void {
  const cleared = (['activityType', 'occurredAt'] as const).filter((path) => mask.includes(path) && !patch[path]);
  const judged = checkFields(catalog.codes.activityTypes, { ...patch, activityType: patch.activityType ?? '' });
  const violations: Violation[] = [
    ...cleared.map((path) => ({ path, message: 'cannot be cleared', expected: 'a value' })),
    ...judged.filter(({ path }) =>
      patch[path as WritableField] !== undefined && !COMBINED.has(path) && !cleared.some((name) => name === path)
    ),
  ];
  if (violations.length > 0) throw DomainError.invalid(violations);
}

/** What is wrong with the activity as it would be: an outcome that the type does not have, a follow-up in the past. */
function checkResult(
  { catalog, clock }: Context,
  activity: Activity,
  { patch, mask }: UpdateActivityCommand,
): ActivityFields {
  const fields = patchedFields(activity, patch, mask);
  const moved = fields.followUpAt !== activity.followUpAt;
  const times = fields.occurredAt === activity.occurredAt ? { ...fields, occurredAt: undefined } : fields;
  // What was logged under an older catalog stays as it is; only what this patch touches is judged.
  const touched = new Set<string>(mask.includes('activityType') ? [...mask, 'outcomeCode', 'direction'] : mask);
  const judged = checkFields(catalog.codes.activityTypes, fields).filter(({ path }) => touched.has(path));
  const violations = [...judged, ...checkTimes(times, clock.now(), moved)];
  if (violations.length > 0) throw DomainError.invalid(violations);
  return fields;
}

/** The place of another case; undefined when the patch leaves the case as it is. Checks the contact too. */
async function findPlace(
  context: Context,
  { orgId, caseId: present, contactId: presentContact }: Activity,
  { patch, mask }: UpdateActivityCommand,
  call: CallContext,
): Promise<Place | undefined> {
  const caseId = mask.includes('caseId') && patch.caseId !== present ? patch.caseId : undefined;
  const contactId = mask.includes('contactId') && patch.contactId !== presentContact ? patch.contactId : undefined;
  if (caseId !== undefined || contactId !== undefined) {
    const known = await context.known({ orgId, caseId, contactId });
    const place = await context.places.find(
      { orgId, caseId, contactId, engines: enginesOf(context, call.caller) },
      known,
      call,
    );
    if (caseId !== undefined) return place;
  }
  return mask.includes('caseId') && patch.caseId === undefined ? {} : undefined;
}

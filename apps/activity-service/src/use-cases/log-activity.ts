import { Activity as ActivityMessage } from '@tom/contracts/tom/activity/v1/activity';
import { ActivityLogged } from '@tom/contracts/messages';
import type { RehearsedMessage } from '@tom/contracts/tom/types/v1/types';
import { contentHash, DomainError, isDomainError, isUuid, newId, type Violation } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { CallContext } from '@tom/runtime';
import { keyReused, type LogKey } from '../adapters/activity-log.ts';
import { activityEntry } from '../adapters/entries/activity-entries.ts';
import { newActivity, type Activity, type ActivityFields, type Place } from '../domain/activity.ts';
import { checkFields, checkTimes } from '../domain/check-fields.ts';
import type { Known } from '../adapters/known.ts';
import { enginesOf, requireLogging, type Context } from './context.ts';

export interface LogActivityCommand {
  readonly orgId: string;
  readonly fields: ActivityFields;
}

type Resolved = { readonly answered: unknown } | { readonly place: Place };

/**
 * Logs an activity: two statements, each shared with whoever logs at the same time. A repetition under the same key is
 * answered before anything that depends on the time or on other services, since both may have changed since.
 */
export async function logActivity(context: Context, command: LogActivityCommand, call: CallContext): Promise<Activity> {
  const { catalog, log } = context;
  const key = keyOf(command, call);
  const resolved = await resolve(context, command, call, key);
  if ('answered' in resolved) return ActivityMessage.fromJSON(resolved.answered) as Activity;
  const { stored, messages } = toldOf(context, command, resolved.place, call);
  const { activity } = stored;
  const written = await log({
    stored,
    entry: activityEntry({ actor: call.caller.actor }, activity, catalog),
    messages,
    answer: key && ActivityMessage.toJSON(activity),
    key,
  });
  return written.replayed ? (ActivityMessage.fromJSON(written.answer) as Activity) : activity;
}

/** A new activity, and what is told of it. */
function toldOf({ clock, outbox }: Context, { orgId, fields }: LogActivityCommand, place: Place, call: CallContext) {
  const at = clock.now().toISOString();
  const stored = newActivity({ activityId: newId(), orgId, fields, place, by: call.caller.id, at });
  const { activity, revision } = stored;
  const messages = outbox.rows(requestOrigin(call), [
    { type: ActivityLogged, aggregateId: activity.activityId, revision, orgId, data: { activity } },
  ]);
  return { stored, messages };
}

/** What `logActivity` would tell, or the refusal that it would give; writes nothing. */
export async function rehearseLog(context: Context, command: LogActivityCommand, call: CallContext): Promise<RehearsedMessage[]> {
  const resolved = await resolve(context, command, call, undefined);
  if ('answered' in resolved) throw new Error('Without a key nothing was answered before');
  const { messages } = toldOf(context, command, resolved.place, call);
  return messages.map(({ topic, key, headers, value }) => ({ topic, key, headers: { ...headers }, value }));
}

/** What `logActivity` would write, or the refusal that it would give; writes nothing. */
export async function checkActivity(
  context: Context,
  command: LogActivityCommand,
  call: CallContext,
): Promise<{ readonly fields: ActivityFields; readonly queue: string | undefined }> {
  const resolved = await resolve(context, command, call, undefined);
  const { caseId, queue } = 'place' in resolved ? resolved.place : {};
  const occurredAt = command.fields.occurredAt ?? context.clock.now().toISOString();
  return { fields: { ...command.fields, occurredAt, caseId }, queue };
}

/** Order of checks: 400 · 403 · 404 · 400 of what the body refers to · 409. */
async function resolve(
  context: Context,
  { orgId, fields }: LogActivityCommand,
  call: CallContext,
  key: LogKey | undefined,
): Promise<Resolved> {
  const { catalog, clock, known: lookUp, places, owners } = context;
  const wrongTimes = checkTimes(fields, clock.now());
  const wrong = checkFields(catalog.codes.activityTypes, fields);
  if (wrong.length > 0) throw DomainError.invalid([...wrong, ...wrongTimes]);
  if (wrongTimes.length > 0 && !key) throw DomainError.invalid(wrongTimes);
  if (!isUuid(orgId)) {
    if (wrongTimes.length > 0) throw DomainError.invalid(wrongTimes);
    requireLogging(context, call);
    throw DomainError.notFound('The company');
  }
  const { contactId, caseId, completesTaskId } = fields;
  const known: Known = await lookUp({ orgId, contactId, caseId, idempotency: key });
  if (known.answered && known.answered.bodyHash === key?.bodyHash) return { answered: known.answered.answer };
  if (wrongTimes.length > 0) throw DomainError.invalid(wrongTimes);
  requireLogging(context, call);
  const completable = async () => {
    if (completesTaskId !== undefined) await owners.requireCompletable(completesTaskId, orgId, call);
  };
  const question = { orgId, caseId, contactId, engines: enginesOf(context, call.caller) };
  const place = await places.find(question, known, call).catch(async (error: unknown) => {
    const violations = violationsOf(error);
    if (violations.length === 0) throw error;
    const more = await completable().then(() => [], violationsOf);
    throw DomainError.invalid([...violations, ...more]);
  });
  if (known.answered) throw keyReused();
  await completable();
  return { place };
}

/** What is wrong with the input, when that is what was refused. */
function violationsOf(error: unknown): readonly Violation[] {
  if (!isDomainError(error) || error.kind !== 'invalid') return [];
  return (error.details['violations'] ?? []) as readonly Violation[];
}

function keyOf(command: LogActivityCommand, { idempotency, caller }: CallContext): LogKey | undefined {
  if (!idempotency) return undefined;
  const { key, route } = idempotency;
  return { actor: caller.actor, route, key, bodyHash: contentHash({ orgId: command.orgId, fields: command.fields }) };
}

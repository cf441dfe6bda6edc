import type { ActivityFields as FieldsMessage } from '@tom/contracts/tom/activity/v1/activity';
import {
  ActivityServiceService,
  type LogActivitiesItem as ItemMessage,
  type LogActivityRequest,
  type TimelineEntry,
} from '@tom/contracts/tom/activity/v1/activity_service';
import { LogActivity } from '@tom/contracts/messages';
import { decodePageToken, DomainError, encodePageToken, isUuid, type Violation } from '@tom/kernel';
import { rehearse, subscription } from '@tom/messaging';
import { implement, type CallContext, type Logger, type ServiceImplementation, type TokenVerifier } from '@tom/runtime';
import { listActivities, readActivity, readDay, readFacts } from './adapters/activity-table.ts';
import { timelineKinds } from './adapters/entries/entry.ts';
import { readTimeline, type EntryRow } from './adapters/timeline-table.ts';
import { writableFields, type ActivityFields, type WritableField } from './domain/activity.ts';
import { onLogActivity } from './handlers/on-log-activity.ts';
import { requireReading, type Context } from './use-cases/context.ts';
import { activitiesReport } from './use-cases/activities-report.ts';
import { deleteActivity } from './use-cases/delete-activity.ts';
import { logActivities, type LogActivitiesItem } from './use-cases/log-activities.ts';
import { checkActivity, logActivity, rehearseLog, type LogActivityCommand } from './use-cases/log-activity.ts';
import { updateActivity } from './use-cases/update-activity.ts';

const MOST_ITEMS = 500;
const MOST_COMPANIES = 200;

/** The calls that come in. */
export function activityService(
  context: Context,
  deps: { readonly verifier: TokenVerifier; readonly logger: Logger },
): ServiceImplementation {
  return implement(ActivityServiceService, {
    logActivity: async (request, call) => logActivity(context, commandOf(request), call),

    logActivities: async ({ items }, call) => {
      if (items.length > MOST_ITEMS) throw tooMany('items', MOST_ITEMS);
      return { results: await logActivities(context, deps, items.map(itemOf), call) };
    },

    checkActivity: async (request, call) => checkActivity(context, commandOf(request), call),

    rehearse: async ({ log, messages }, call) => {
      if (messages.length > MOST_ITEMS) throw tooMany('messages', MOST_ITEMS);
      requireReading(context, call);
      const first = log ? await rehearseLog(context, commandOf(log), call) : [];
      if (messages.length === 0) return { messages: first };
      const commands = [subscription({ on: LogActivity, handle: onLogActivity(context.catalog) })];
      const { told } = await rehearse(context, { seed: '', messages, subscriptions: commands, after: async () => undefined });
      return { messages: [...first, ...told.map(({ headers, ...message }) => ({ ...message, headers: { ...headers } }))] };
    },

    getActivity: async ({ activityId }, call) => {
      requireReading(context, call);
      const stored = isUuid(activityId) ? await readActivity(context.database, activityId) : undefined;
      if (!stored || stored.deleted) throw DomainError.notFound('The activity');
      return stored.activity;
    },

    listActivities: async ({ orgId, pageSize, pageToken }, call) => {
      const scope = ['activities', orgId];
      const { limit, after } = pageOf(scope, pageSize, pageToken);
      requireReading(context, call);
      await context.places.requireOrg(orgId, call);
      const found = await listActivities(context.database, orgId, after, limit + 1);
      return pageAnswer(scope, found, limit, (activity) => [activity.occurredAt, activity.activityId]);
    },

    updateActivity: async ({ activityId, version, updateMask, fields }, call) => {
      const mask = maskOf(updateMask ?? []);
      const given: Partial<ActivityFields> = fields ? fieldsOf(fields) : {};
      const patch = Object.fromEntries(mask.map((name) => [name, given[name]]));
      return updateActivity(context, { activityId, version, mask, patch }, call);
    },

    deleteActivity: async ({ activityId, version }, call) => {
      await deleteActivity(context, { activityId, version }, call);
      return {};
    },

    getActivityFacts: async ({ queries }, call) => {
      if (queries.length > MOST_COMPANIES) throw tooMany('queries', MOST_COMPANIES);
      const malformed = queries.flatMap(({ orgId }, at): Violation[] =>
        isUuid(orgId) ? [] : [{ path: `queries[${at}].orgId`, message: 'is not an id', expected: 'a UUID' }]
      );
      if (malformed.length > 0) throw DomainError.invalid(malformed);
      requireReading(context, call);
      const types = [...context.catalog.codes.activityTypes.values()].filter((type) => type.contact).map((type) =>
        type.code
      );
      const rows = await readFacts(context.database, queries, types, context.clock.now());
      return {
        facts: rows.map((row) => ({
          orgId: row.org_id,
          contactsSince: row.contacts_since,
          pendingFollowUps: row.pending_follow_ups,
        })),
      };
    },

    listTimeline: async ({ orgId, kinds, caseId, pageSize, pageToken }, call) => {
      const wanted = kinds.length > 0 ? [...new Set(kinds)].sort() : [...timelineKinds];
      const scope = ['timeline', orgId, wanted, caseId];
      checkTimeline(wanted, caseId);
      const { limit, after } = pageOf(scope, pageSize, pageToken);
      requireReading(context, call);
      await context.places.requireOrg(orgId, call);
      const rows = await readTimeline(context.database, { orgId, caseId, kinds: wanted, after, limit: limit + 1 });
      const page = pageAnswer(scope, rows, limit, (row) => [row.at.toISOString(), row.entry_id]);
      return { ...page, items: page.items.map(shownEntry) };
    },

    getMyDay: async (_request, call) => myDay(context, call),

    getActivitiesReport: async (request, call) => activitiesReport(context, request, call),
  });
}

async function myDay(context: Context, call: CallContext) {
  requireReading(context, call);
  const { calendar } = context.catalog.business;
  const now = context.clock.now();
  const outcomes = context.catalog.codes.activityTypes.get('CALL')?.outcomes.values() ?? [];
  const row = await readDay(context.database, {
    person: call.caller.id,
    from: calendar.startOfDay(now),
    to: calendar.endOfDay(now),
    reachedOutcomes: [...outcomes].filter((outcome) => outcome.reached).map((outcome) => outcome.code),
  });
  return { calls: row.calls, reached: row.reached, followUpsAgreed: row.follow_ups_agreed };
}

function commandOf({ orgId, fields }: LogActivityRequest): LogActivityCommand {
  return { orgId: orgId.toLowerCase(), fields: fields ? fieldsOf(fields) : { activityType: '' } };
}

/** Only the fields that are given, so that the same request always has the same hash. */
function fieldsOf(fields: FieldsMessage): ActivityFields {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return given as unknown as ActivityFields;
}

function itemOf({ call, request }: ItemMessage): LogActivitiesItem {
  return {
    command: commandOf(request ?? { orgId: '' }),
    token: call?.token ?? '',
    correlationId: call?.correlationId ?? '',
    traceparent: call?.traceparent,
    idempotencyKey: call?.idempotencyKey,
    idempotencyRoute: call?.idempotencyRoute,
  };
}

/** A mask names fields as JSON or as the proto does. */
function maskOf(paths: readonly string[]): WritableField[] {
  const names = paths.map((path) => path.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()));
  const unknown = names.filter((name) => !(writableFields as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw DomainError.invalid(
      unknown.map((path) => ({ path, message: 'cannot be changed', expected: `one of ${writableFields.join(', ')}` })),
    );
  }
  return [...new Set(names as WritableField[])];
}

function checkTimeline(kinds: readonly string[], caseId: string | undefined): void {
  const violations: Violation[] = kinds
    .filter((kind) => !(timelineKinds as readonly string[]).includes(kind))
    .map((kind) => ({
      path: 'kinds',
      message: `${kind} is not a kind of entry`,
      expected: `some of ${timelineKinds.join(', ')}`,
    }));
  if (caseId !== undefined && !isUuid(caseId))
    violations.push({ path: 'caseId', message: 'is not an id', expected: 'a UUID' });
  if (violations.length > 0) throw DomainError.invalid(violations);
}

function pageOf(scope: unknown, pageSize: number, pageToken: string | undefined) {
  if (!Number.isInteger(pageSize) || pageSize < 0 || pageSize > 200) {
    throw DomainError.invalid([{ path: 'pageSize', message: 'is not a size of a page', expected: '1 to 200' }]);
  }
  const [at, id] = decodePageToken(scope, pageToken) ?? [];
  const after = typeof at === 'string' && typeof id === 'string' && isUuid(id) ? ([at, id] as const) : undefined;
  return { limit: pageSize === 0 ? 50 : pageSize, after };
}

/** `found` has one item more than the page when there is another page. */
function pageAnswer<T>(
  scope: unknown,
  found: readonly T[],
  limit: number,
  keys: (item: T) => readonly [string, string],
) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    ...(found.length > limit && last !== undefined ? { nextPageToken: encodePageToken(scope, keys(last)) } : {}),
  };
}

function shownEntry(row: EntryRow): TimelineEntry {
  const name = row.name === null ? '' : `: ${row.name}`;
  const { cause_event, cause_template, cause_version, cause_rule } = row;
  return {
    entryId: row.entry_id,
    kind: row.kind,
    at: row.at.toISOString(),
    actor: row.actor,
    title: { de: row.title_de + name, en: row.title_en + name },
    detail: row.detail ?? undefined,
    source: { type: row.source_type, id: row.source_id },
    caseId: row.case_id ?? undefined,
    cause: cause_event === null ? undefined : {
      event: cause_event,
      template: cause_template ?? undefined,
      version: cause_version ?? undefined,
      rule: cause_rule ?? undefined,
    },
    group: row.group_id ?? undefined,
  };
}

function tooMany(path: string, most: number): DomainError {
  return DomainError.invalid([{ path, message: 'has too many entries', expected: `at most ${most}` }]);
}

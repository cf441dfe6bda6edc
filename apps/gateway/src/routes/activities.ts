import { z } from 'zod';
import { Activity } from '@tom/contracts/tom/activity/v1/activity';
import { DomainError, type ErrorCode } from '@tom/kernel';
import { groupCommit } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { maskOf, valuesOf } from '../edge/merge-patch.ts';
import { created, noContent, ok, route, type Route } from '../edge/route.ts';
import { listOf } from '../edge/codes.ts';
import { showingCurrent, type Versioned } from '../edge/showing-current.ts';
import { id, page, paging, systemText, time } from '../edge/schemas.ts';
import type { Services } from '../services.ts';
import type { RouteContext } from './context.ts';

type LogRequest = Parameters<Services['activity']['logActivity']>[0];

const activitySchema = z
  .object({
    activityId: id,
    orgId: id,
    activityType: z.string(),
    direction: z.string().optional(),
    occurredAt: time,
    durationMinutes: z.number().optional(),
    outcomeCode: z.string().optional(),
    subject: z.string().optional(),
    notes: z.string().optional(),
    contactId: id.optional(),
    caseId: id.optional(),
    followUpAt: time.optional(),
    followUpTaskId: id.optional(),
    completesTaskId: id.optional(),
    version: z.number().int(),
    createdAt: time,
    createdBy: z.string(),
    updatedAt: time,
    updatedBy: z.string(),
  })
  .meta({ id: 'Activity' });

const timelineKinds = ['ACTIVITY', 'NOTE', 'STAGE', 'TASK', 'CASE', 'HANDOVER', 'ORG'] as const;

export const timelineEntry = z
  .object({
    entryId: id,
    kind: z.enum(timelineKinds),
    at: time,
    actor: z.string(),
    title: systemText,
    detail: z.string().optional(),
    source: z.object({ type: z.string(), id: z.string() }),
    caseId: id.optional(),
    cause: z
      .object({ event: z.string().optional(), template: z.string().optional(), version: z.number().optional(), rule: z.string().optional() })
      .optional(),
    group: z.string().optional(),
  })
  .meta({ id: 'TimelineEntry' });

/** An activity as the API shows it; queue and the follow-up's revision are the services' own affair. */
export function showActivity(activity: Activity) {
  const { queue: _queue, followUpRevision: _revision, ...shown } = activity;
  return shown;
}

/** Activities, the timeline, and one's own day. */
export function activityRoutes({ services: { activity }, activityInputs: { input, patch } }: RouteContext): Route[] {
  const log = logTogether(activity);
  const versioned = (activityId: string, call: CallContext): Versioned<Activity> => ({
    codec: Activity,
    read: () => activity.getActivity({ activityId }, call),
    show: showActivity,
  });
  return [
    route({
      method: 'post',
      path: '/orgs/{orgId}/activities',
      tag: 'Activities',
      summary: 'Log an activity; a follow-up date becomes exactly one CALL_BACK task.',
      body: input,
      answers: { 201: activitySchema },
      async handle({ params, body, call }) {
        const logged = await log({ call, request: { orgId: params['orgId'] ?? '', fields: body } });
        return created(showActivity(logged), `/activities/${logged.activityId}`, logged.version);
      },
    }),
    route({
      method: 'get',
      path: '/orgs/{orgId}/activities',
      tag: 'Activities',
      summary: 'The activities of a company, newest first.',
      query: z.object(paging),
      answers: { 200: page(activitySchema) },
      async handle({ params, query, call }) {
        const answer = await activity.listActivities({ orgId: params['orgId'] ?? '', ...query }, call);
        return ok({ items: answer.items.map(showActivity), nextPageToken: answer.nextPageToken });
      },
    }),
    route({
      method: 'get',
      path: '/activities/{activityId}',
      tag: 'Activities',
      summary: 'An activity.',
      answers: { 200: activitySchema },
      async handle({ params, call }) {
        const found = await activity.getActivity({ activityId: params['activityId'] ?? '' }, call);
        return ok(showActivity(found), found.version);
      },
    }),
    route({
      method: 'patch',
      path: '/activities/{activityId}',
      tag: 'Activities',
      summary: 'Change an activity (JSON merge patch); a moved follow-up moves its open task.',
      needsVersion: true,
      body: patch,
      answers: { 200: activitySchema },
      async handle({ params, body, call, version }) {
        const fields = { activityType: '', ...valuesOf(body) };
        const activityId = params['activityId'] ?? '';
        const request = { activityId, version, updateMask: maskOf(body), fields };
        const changed = await showingCurrent(versioned(activityId, call), () => activity.updateActivity(request, call));
        return ok(showActivity(changed), changed.version);
      },
    }),
    route({
      method: 'delete',
      path: '/activities/{activityId}',
      tag: 'Activities',
      summary: 'Undo an activity: cancels its open call-back and reopens the task that it completed.',
      needsVersion: true,
      answers: { 204: undefined },
      async handle({ params, call, version }) {
        const activityId = params['activityId'] ?? '';
        await showingCurrent(versioned(activityId, call), () => activity.deleteActivity({ activityId, version }, call));
        return noContent;
      },
    }),
    route({
      method: 'get',
      path: '/orgs/{orgId}/timeline',
      tag: 'Activities',
      summary: 'Everything that happened with a company, newest first.',
      query: z.object({
        kinds: listOf({ options: timelineKinds }),
        caseId: id.optional(),
        ...paging,
      }),
      answers: { 200: page(timelineEntry) },
      async handle({ params, query, call }) {
        const { kinds, ...rest } = query;
        const answer = await activity.listTimeline({ orgId: params['orgId'] ?? '', kinds: kinds ?? [], ...rest }, call);
        return ok({ items: answer.items, nextPageToken: answer.nextPageToken });
      },
    }),
    route({
      method: 'get',
      path: '/my/day',
      tag: 'My work',
      summary: 'My calls today, how many reached somebody, and the follow-ups agreed.',
      answers: { 200: z.object({ calls: z.number(), reached: z.number(), followUpsAgreed: z.number() }) },
      async handle({ call }) {
        return ok(await activity.getMyDay({}, call));
      },
    }),
  ];
}

interface Logging {
  readonly call: CallContext;
  readonly request: LogRequest;
}

/**
 * Requests that arrive while another one is under way go on together as one RPC, each with its own token and key; the
 * service verifies and answers each by itself. Halves the cost of a call under load and adds none without.
 */
function logTogether(activity: Services['activity']): (item: Logging) => Promise<Activity> {
  return groupCommit<Logging, Activity>({
    maxBatch: 200,
    maxQueued: 5_000,
    gatherMs: 6,
    async execute(items) {
      const [first] = items;
      if (!first) return [];
      if (items.length === 1) return [await activity.logActivity(first.request, first.call)];
      const request = { items: items.map(({ call, request: inner }) => ({ call: identityOf(call), request: inner })) };
      const { results } = await activity.logActivities(request, first.call);
      return results.map(({ activity: logged, error }) => logged ?? refusal(error));
    },
  });
}

function identityOf(call: CallContext) {
  return {
    token: call.caller.token,
    correlationId: call.correlationId,
    traceparent: call.traceparent,
    idempotencyKey: call.idempotency?.key,
    idempotencyRoute: call.idempotency?.route,
  };
}

/** The error that an item of a batched call was refused with. */
export function refusal(error: { code: string; message: string; details?: Record<string, unknown> | undefined } | undefined): Error {
  if (!error) return new Error('an item was answered with neither a result nor an error');
  return new DomainError(error.code as ErrorCode, error.message, error.details ?? {});
}

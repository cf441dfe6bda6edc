import { z } from 'zod';
import type { StageExplanation, TransitionRequest } from '@tom/contracts/tom/stage/v1/stage_service';
import type { CallContext } from '@tom/runtime';
import { withConsequences } from '../consequences.ts';
import { ok, route, type Answer, type Route } from '../edge/route.ts';
import type { CodeSchemas } from '../edge/codes.ts';
import { id, instant, optional, page, paging, ruleResult, systemText, text, time } from '../edge/schemas.ts';
import type { ActivityInputs } from './activity-input.ts';
import type { RouteContext } from './context.ts';
import { orgSchema, showOrg } from './orgs.ts';

/** What a company may do next, and what is missing. */
export const stageSchema = z
  .object({
    currentStage: z.string(),
    since: time,
    path: z.array(z.object({ stage: z.string(), enteredAt: time, seconds: z.number() })),
    transitions: z.array(
      z.object({
        to: z.string(),
        allowed: z.boolean(),
        needsReason: z.boolean(),
        reasonCodes: z.array(z.object({ code: z.string(), label: systemText, needsNote: z.boolean() })),
        rules: z.array(ruleResult),
        unmet: z.array(ruleResult),
      }),
    ),
  })
  .meta({ id: 'StageExplanation' });

const moved = z.object({
  org: orgSchema,
  caseId: id.optional(),
  activityId: id.optional(),
  completing: z.boolean(),
});

/** What a request to the one door may say, by stage or by one of the three actions. */
export function moveInputs(codes: CodeSchemas, { input: activity }: ActivityInputs) {
  const reasons = {
    reasonCode: optional(codes.reason),
    reasonNote: optional(text(2_000)),
    duplicateOfOrgId: optional(id),
    activity: optional(activity),
  };
  return {
    transitionInput: z.strictObject({ fromStage: optional(codes.stage), toStage: codes.stage, caseId: optional(id), ...reasons }),
    actionInput: z.strictObject({ followUpAt: optional(instant), ...reasons }),
  };
}

const actions = [
  { action: 'qualify', toStage: 'QUALIFIED_LEAD', summary: 'Qualify the company.' },
  { action: 'disqualify', toStage: 'DISQUALIFIED', summary: 'Disqualify the company; needs a reason.' },
  { action: 'dormant', toStage: 'DORMANT', summary: 'Let the company rest until its next step; needs a reason.' },
] as const;

/** The explanation of a stage as the API shows it: protobuf's 64-bit seconds are numbers there. */
export function showStage(explained: StageExplanation) {
  return { ...explained, path: explained.path.map((step) => ({ ...step, seconds: Number(step.seconds) })) };
}

/** The stage of a company: what it may do next, the one door, the three actions, and its history. */
export function stageRoutes({ services: { stage }, broker, codes, activityInputs }: RouteContext): Route[] {
  const { transitionInput, actionInput } = moveInputs(codes, activityInputs);
  async function move(request: TransitionRequest, call: CallContext): Promise<Answer> {
    const { result, completing } = await withConsequences(broker, call.correlationId, () => stage.transition(request, call));
    return answerOf(result, completing);
  }

  return [
    route({
      method: 'get',
      path: '/orgs/{orgId}/stage',
      tag: 'Stage',
      summary: 'The stage, how it came to it, and every transition with all of its rules.',
      answers: {
        200: stageSchema,
      },
      async handle({ params, call }) {
        return ok(showStage(await stage.explainStage({ orgId: params['orgId'] ?? '' }, call)));
      },
    }),
    route({
      method: 'post',
      path: '/orgs/{orgId}/stage',
      tag: 'Stage',
      summary: 'Move the company to another stage: the one door. Refused, nothing has changed.',
      body: transitionInput,
      answers: { 200: moved },
      handle: ({ params, body, call }) => move({ orgId: params['orgId'] ?? '', ...body }, call),
    }),
    ...actions.map(({ action, toStage, summary }) =>
      route({
        method: 'post',
        path: `/orgs/{orgId}/${action}`,
        tag: 'Stage',
        summary,
        body: actionInput,
        answers: { 200: moved },
        handle: ({ params, body, call }) => move({ orgId: params['orgId'] ?? '', toStage, action, ...body }, call),
      }),
    ),
    route({
      method: 'post',
      path: '/orgs/{orgId}/stage/override',
      tag: 'Stage',
      summary: 'Move the company past its guard (administrators).',
      body: z.strictObject({ toStage: codes.stage, reason: text(2_000) }),
      answers: { 200: moved },
      async handle({ params, body, call }) {
        const request = { orgId: params['orgId'] ?? '', ...body };
        const { result, completing } = await withConsequences(broker, call.correlationId, () => stage.overrideStage(request, call));
        return answerOf(result, completing);
      },
    }),
    route({
      method: 'get',
      path: '/orgs/{orgId}/stage/history',
      tag: 'Stage',
      summary: 'Every change of stage, newest first, with the facts that it was decided on.',
      query: z.object(paging),
      answers: {
        200: page(
          z.object({
            fromStage: z.string().optional(),
            toStage: z.string(),
            reasonCode: z.string().optional(),
            reasonNote: z.string().optional(),
            at: time,
            actor: z.string(),
            caseId: id.optional(),
            facts: z.record(z.string(), z.unknown()).optional(),
          }),
        ),
      },
      async handle({ params, query, call }) {
        return ok(await stage.listStageHistory({ orgId: params['orgId'] ?? '', ...query }, call));
      },
    }),
  ];
}

type Moved = Awaited<ReturnType<RouteContext['services']['stage']['transition']>>;

function answerOf({ org, caseId, activityId }: Moved, completing: boolean): Answer {
  return ok({ org: org && showOrg(org), caseId, activityId, completing });
}

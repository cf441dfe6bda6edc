import type { Why, WhyStep } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { CallContext } from '@tom/runtime';
import { z } from 'zod';
import { ok, route, type Answer, type Route } from '../edge/route.ts';
import { id, instant, page, paging, systemText, time } from '../edge/schemas.ts';
import type { Services } from '../services.ts';
import type { RouteContext } from './context.ts';

const seenEvent = z
  .object({
    eventId: id,
    type: z.string(),
    at: time,
    caseId: id.optional(),
    codes: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'SeenEvent' });

const ruleLook = z
  .object({
    template: z.string(),
    version: z.number().int(),
    rule: z.string(),
    caseId: id.optional(),
    condition: z.string().optional(),
    parts: z.array(
      z.object({
        source: z.string(),
        values: z.record(z.string(), z.unknown()),
        result: z.boolean().optional(),
      }),
    ),
    obstacle: z
      .object({
        code: z.enum([
          'ORG_KIND',
          'SUPERSEDED',
          'CASE_CLOSED',
          'CASE_CHANGED',
          'OUTPUTS_MISSING',
          'BUDGET_SPENT',
          'TOO_DEEP',
        ]),
        text: systemText,
      })
      .optional(),
    at: time,
  })
  .meta({ id: 'RuleLook' });

const why = z
  .object({
    steps: z.array(
      z.object({
        kind: z.enum(['RULE', 'PERSON', 'ACTIVITY', 'INBOUND', 'EVENT', 'UNKNOWN']),
        text: systemText,
        at: time.optional(),
        actor: z.string().optional(),
        activityId: id.optional(),
        event: seenEvent.optional(),
        look: ruleLook.optional(),
        action: z.object({ kind: z.string(), id }),
      }),
    ),
  })
  .meta({ id: 'Why' });

const whyNot = z.object({ event: seenEvent, looks: z.array(ruleLook) }).meta({ id: 'WhyNot' });

/** Where tasks, cases and stages came from, and why nothing came of what happened. */
export function whyRoutes({ services }: RouteContext): Route[] {
  const { task, workflow } = services;
  return [
    route({
      method: 'get',
      path: '/tasks/{taskId}/why',
      tag: 'Tasks',
      summary: 'Why there is this task: each step explains the one before it, back to where it began.',
      answers: { 200: why },
      async handle({ params, call }) {
        const view = await task.getTask({ taskId: params['taskId'] ?? '' }, call);
        return withPersons(services, await workflow.whyTask({ task: view.task }, call), view.task?.orgId, call);
      },
    }),
    route({
      method: 'get',
      path: '/cases/{caseId}/why',
      tag: 'Cases',
      summary: 'Why this case was opened.',
      answers: { 200: why },
      async handle({ params, call }) {
        return withPersons(services, await workflow.whyCase({ caseId: params['caseId'] ?? '' }, call), undefined, call);
      },
    }),
    route({
      method: 'get',
      path: '/orgs/{orgId}/stage/why',
      tag: 'Stage',
      summary: 'Why the company is in its stage.',
      answers: { 200: why },
      async handle({ params, call }) {
        const orgId = params['orgId'] ?? '';
        return withPersons(services, await workflow.whyStage({ orgId }, call), orgId, call);
      },
    }),
    route({
      method: 'get',
      path: '/orgs/{orgId}/why-not',
      tag: 'Companies',
      summary: 'What happened to a company and made templates and rules do nothing, with the part that was false; newest first.',
      query: z.object({ since: instant.optional(), ...paging }),
      answers: { 200: page(whyNot) },
      handle: async ({ params, query, call }) => ok(await workflow.listWhyNot({ orgId: params['orgId'] ?? '', ...query }, call)),
    }),
  ];
}

/** A stage that a person moved: only the owner of stages keeps who it was. */
async function withPersons({ stage }: Services, { steps }: Why, org: string | undefined, call: CallContext): Promise<Answer> {
  const isMove = ({ kind, action, actor }: WhyStep) =>
    kind === 'PERSON' && action?.kind === 'OrgStageChanged' && actor === undefined;
  const orgId = org ?? steps.find(isMove)?.action?.id;
  if (orgId === undefined || !steps.some(isMove)) return ok({ steps });
  const { items } = await stage.listStageHistory({ orgId, pageSize: 200 }, call);
  const movedAt = new Map(items.map(({ at, actor }) => [at, actor]));
  return ok({
    steps: steps.map((step) => (isMove(step) && step.at !== undefined ? { ...step, actor: movedAt.get(step.at) } : step)),
  });
}

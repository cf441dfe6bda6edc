import { z } from 'zod';
import { ok, route, type Answer, type Route } from '../edge/route.ts';
import type { CodeSchemas } from '../edge/codes.ts';
import { text } from '../edge/schemas.ts';
import type { CaseView } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { caseSchema, showCase } from './case-schema.ts';
import type { RouteContext } from './context.ts';

/** What a person says when a case moves on. */
export function caseMoveInputs(codes: CodeSchemas) {
  const entries = z.array(text(2_000)).max(50);
  return {
    fulfil: z.strictObject({ value: text(10_000) }),
    advance: z.strictObject({ phase: codes.phase }),
    // Which role and queue fit the engine is for the owner of cases to say.
    handOver: z.strictObject({
      engine: codes.engine,
      role: codes.role,
      queue: codes.queue,
      goal: text(2_000),
      context: text(10_000),
      openPoints: entries,
      recommendation: text(2_000),
    }),
    giveBack: z.strictObject({ reason: text(2_000), missing: entries.min(1) }),
  };
}

/** What a case has to bring, and where it goes: outputs, phases, hand-overs, returns. */
export function caseMoveRoutes({ services: { workflow }, codes }: RouteContext): Route[] {
  const inputs = caseMoveInputs(codes);
  const answerOf = (view: CaseView): Answer => ok(showCase(view), view.case?.version);
  return [
    route({
      method: 'post',
      path: '/cases/{caseId}/requirements/{requirementId}/fulfil',
      tag: 'Cases',
      summary: 'Say what a required output is; doing it again replaces it.',
      body: inputs.fulfil,
      answers: { 200: caseSchema },
      async handle({ params, body, call }) {
        const { caseId = '', requirementId = '' } = params;
        return answerOf(await workflow.fulfilCaseRequirement({ caseId, requirementId, ...body }, call));
      },
    }),
    route({
      method: 'post',
      path: '/cases/{caseId}/advance',
      tag: 'Cases',
      summary: 'Go on to a later phase, once the outputs up to there are complete.',
      body: inputs.advance,
      answers: { 200: caseSchema },
      handle: async ({ params, body, call }) => answerOf(await workflow.advanceCase({ caseId: params['caseId'] ?? '', ...body }, call)),
    }),
    route({
      method: 'post',
      path: '/cases/{caseId}/handover',
      tag: 'Cases',
      summary: 'Give the case to another engine, which accepts by claiming. Refused while outputs are missing; the attempt is remembered.',
      body: inputs.handOver,
      answers: { 200: caseSchema },
      handle: async ({ params, body, call }) => answerOf(await workflow.handOverCase({ caseId: params['caseId'] ?? '', ...body }, call)),
    }),
    route({
      method: 'post',
      path: '/cases/{caseId}/return',
      tag: 'Cases',
      summary: 'Give the case back to where it came from, naming what is missing: ids of outputs there, or other words.',
      body: inputs.giveBack,
      answers: { 200: caseSchema },
      handle: async ({ params, body, call }) => answerOf(await workflow.returnCase({ caseId: params['caseId'] ?? '', ...body }, call)),
    }),
  ];
}

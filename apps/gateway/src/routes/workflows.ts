import { z } from 'zod';
import { created, ok, route, type Route } from '../edge/route.ts';
import { id, systemText, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';

const template = z
  .object({
    key: z.string(),
    currentVersion: z.number().int(),
    description: z.string().optional(),
    /** Nothing starts by it any more. */
    retired: z.boolean().optional(),
    caseType: z.string().optional(),
    engine: z.string().optional(),
    versions: z.array(z.object({ version: z.number().int(), loadedAt: time, runningCases: z.number().int() })),
  })
  .meta({ id: 'WorkflowTemplate' });

const problem = z
  .object({
    path: z.string(),
    line: z.number().int(),
    column: z.number().int(),
    message: z.string(),
    expected: z.string(),
    severity: z.literal('warning').optional(),
    file: z.string().optional(),
  })
  .meta({ id: 'TemplateProblem' });

const versionNumber = z
  .string()
  .refine((value) => /^[1-9]\d{0,8}$/.test(value), { message: 'is not a version', params: { expected: 'a whole number from 1' } })
  .transform(Number)
  .meta({ type: 'integer', minimum: 1 });

const change = z
  .object({
    path: z.string(),
    kind: z.enum(['added', 'removed', 'changed']),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    text: systemText,
  })
  .meta({ id: 'TemplateChange' });

/** Workflow templates: read them and start one by hand. */
export function workflowRoutes({ services: { workflow } }: RouteContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/workflows',
      tag: 'Workflows',
      summary: 'All templates with their versions and how many cases run on each.',
      answers: { 200: z.object({ items: z.array(template), problems: z.array(problem).optional() }) },
      async handle({ call }) {
        const { items, problems } = await workflow.listTemplates({}, call);
        return ok({ items, ...(problems.length > 0 && { problems }) });
      },
    }),
    route({
      method: 'get',
      path: '/workflows/{key}',
      tag: 'Workflows',
      summary: 'A template with its versions.',
      answers: { 200: template },
      handle: async ({ params, call }) => ok(await workflow.getTemplate({ key: params['key'] ?? '' }, call)),
    }),
    route({
      method: 'get',
      path: '/workflows/{key}/diff',
      tag: 'Workflows',
      summary: 'What differs between two versions, part by part.',
      query: z.object({ from: versionNumber, to: versionNumber }),
      answers: { 200: z.object({ changes: z.array(change) }) },
      handle: async ({ params, query, call }) => ok(await workflow.diffTemplate({ key: params['key'] ?? '', ...query }, call)),
    }),
    route({
      method: 'post',
      path: '/workflows/validate',
      tag: 'Workflows',
      summary: 'Check a text as the template that it would be; changes nothing.',
      body: z.string(),
      bodyType: 'application/yaml',
      answers: { 200: z.object({ valid: z.boolean(), problems: z.array(problem) }) },
      handle: async ({ body, call }) => ok(await workflow.validateTemplate({ source: body }, call)),
    }),
    route({
      method: 'post',
      path: '/workflows/reload',
      tag: 'Workflows',
      summary: 'Take up what the template files hold now: all of it, or nothing.',
      answers: {
        200: z.object({
          takenUp: z.boolean(),
          problems: z.array(problem),
          current: z.array(z.object({ key: z.string(), version: z.number().int() })),
        }),
      },
      handle: async ({ call }) => ok(await workflow.reloadTemplates({}, call)),
    }),
    route({
      method: 'post',
      path: '/workflows/{key}/start',
      tag: 'Workflows',
      summary: 'Start a template for a company; joins the open case of its type.',
      body: z.strictObject({ orgId: id }),
      answers: { 200: z.object({ caseId: id }), 201: z.object({ caseId: id }) },
      async handle({ params, body, call }) {
        const { caseId, joined } = await workflow.startTemplate({ key: params['key'] ?? '', ...body }, call);
        return joined ? ok({ caseId }) : created({ caseId }, `/cases/${caseId}`);
      },
    }),
  ];
}

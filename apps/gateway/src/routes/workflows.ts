import { z } from 'zod';
import { created, ok, route, type Route } from '../edge/route.ts';
import { id, systemText, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';

const template = z
  .object({
    key: z.string(),
    currentVersion: z.number().int(),
    description: z.string().optional(),
    caseType: z.string().optional(),
    engine: z.string().optional(),
    versions: z.array(z.object({ version: z.number().int(), loadedAt: time, runningCases: z.number().int() })),
  })
  .meta({ id: 'WorkflowTemplate' });

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
      answers: { 200: z.object({ items: z.array(template) }) },
      handle: async ({ call }) => ok(await workflow.listTemplates({}, call)),
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

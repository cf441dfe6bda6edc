import { z } from 'zod';
import type { TemplateTaskStats } from '@tom/contracts/tom/task/v1/task_service';
import type { TemplateGraph, TemplateNode } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, isDomainError } from '@tom/kernel';
import { ok, route, type Route } from '../edge/route.ts';
import { systemText, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';

const place = z.number().int();
const node = z
  .object({
    id: z.string(),
    kind: z.enum(['trigger', 'case', 'transition', 'task', 'output', 'rule', 'action', 'completion', 'stage']),
    label: systemText.optional(),
    name: z.string(),
    detail: z.record(z.string(), z.unknown()),
    range: z.object({ startLine: place, startColumn: place, endLine: place, endColumn: place }).optional(),
    open: z.number().int().optional(),
    done: z.number().int().optional(),
    medianSeconds: z.number().optional(),
  })
  .meta({ id: 'TemplateNode' });
const edge = z
  .object({
    from: z.string(),
    to: z.string(),
    kind: z.enum(['opens', 'creates', 'moves', 'requires', 'watches', 'does', 'cancels', 'completes', 'leads']),
  })
  .meta({ id: 'TemplateEdge' });
const problem = z.object({ path: z.string(), line: place, column: place, message: z.string(), expected: z.string() });

/** As workflow-service writes it for the tasks that a case begins with. */
const START_RULE = 'start';

/** The parts of a template beside its YAML: of a stored version with what its tasks are like, and of a draft. */
export function workflowGraphRoutes({ services: { task, workflow } }: RouteContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/workflows/{key}/versions/{version}',
      tag: 'Workflows',
      summary: 'One version of a template: its YAML, its parts with their places in it, and how many of its tasks are open.',
      answers: {
        200: z.object({
          key: z.string(),
          version: z.number(),
          source: z.string(),
          loadedAt: time,
          runningCases: z.number(),
          nodes: z.array(node),
          edges: z.array(edge),
          unavailable: z.array(z.enum(['tasks'])),
        }),
      },
      async handle({ params, call }) {
        const version = params['version'] ?? '';
        if (!/^[1-9]\d{0,8}$/.test(version)) throw DomainError.notFound(`Version ${version.slice(0, 20)}`);
        const key = params['key'] ?? '';
        const [{ graph, ...stored }, stats] = await Promise.all([
          workflow.getTemplateVersion({ key, version: Number(version) }, call),
          task.getTemplateTaskStats({ template: key }, call).then(({ items }) => items, unlessAway),
        ]);
        const ofVersion = stats?.filter((one) => one.version === stored.version);
        return ok({
          ...stored,
          nodes: (graph?.nodes ?? []).map((part) => ({ ...part, ...(ofVersion && figuresOf(part, ofVersion)) })),
          edges: graph?.edges ?? [],
          unavailable: stats ? [] : ['tasks'],
        });
      },
    }),
    route({
      method: 'post',
      path: '/workflows/graph',
      tag: 'Workflows',
      summary: 'The parts of a template that need not be stored; a bad one answers its problems and no parts (managers, administrators).',
      body: z.strictObject({ source: z.string() }),
      answers: { 200: z.object({ nodes: z.array(node), edges: z.array(edge), problems: z.array(problem) }) },
      handle: async ({ body, call }) => ok(shown(await workflow.graphTemplate(body, call))),
    }),
  ];
}

function shown({ nodes, edges, problems }: TemplateGraph) {
  return { nodes, edges, problems };
}

/** The tasks of this part, when it makes any. */
function figuresOf({ kind, id, name, detail }: TemplateNode, stats: readonly TemplateTaskStats[]) {
  const [, rule] = id.split('.');
  if (kind === 'task') return figures(stats.filter((one) => one.rule === START_RULE && one.taskKey === name));
  if (kind === 'action' && name === 'create_task') return figures(stats.filter((one) => one.rule === rule && one.taskType === detail?.['type']));
  return {};
}

function figures([found]: readonly TemplateTaskStats[]) {
  return { open: found?.open ?? 0, done: found?.done ?? 0, medianSeconds: found?.medianSeconds };
}

function unlessAway(error: unknown): undefined {
  if (isDomainError(error) && error.kind === 'unavailable') return undefined;
  throw error;
}

import { z } from 'zod';
import { ok, route, type Route } from '../edge/route.ts';
import { caseSchema, showCase } from './case-schema.ts';
import { anyCase } from './cases.ts';
import type { RouteContext } from './context.ts';
import { orgSchema, showOrg } from './orgs.ts';
import { showTask, taskSchema } from './tasks.ts';

const PER_KIND = 8;

/** Companies, tasks and cases for a palette: one call per owner. */
export function searchRoutes({ services: { stage, task, workflow } }: RouteContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/search',
      tag: 'Around it',
      summary: 'Companies, tasks and cases whose text contains q.',
      query: z.object({ q: z.string().min(1).max(200) }),
      answers: { 200: z.object({ orgs: z.array(orgSchema), tasks: z.array(taskSchema), cases: z.array(caseSchema) }) },
      async handle({ query: { q }, call }) {
        const [orgs, tasks, cases] = await Promise.all([
          stage.listOrgs({ q, stages: [], statuses: [], orgKinds: [], pageSize: PER_KIND }, call),
          task.listTasks({ q, statuses: ['OPEN', 'IN_PROGRESS'], taskTypes: [], pageSize: PER_KIND }, call),
          workflow.listCases({ q, ...anyCase, mine: false, pageSize: PER_KIND }, call),
        ]);
        return ok({
          orgs: orgs.items.flatMap(({ org }) => (org ? [showOrg(org)] : [])),
          tasks: tasks.items.map(showTask),
          cases: cases.items.map(showCase),
        });
      },
    }),
  ];
}

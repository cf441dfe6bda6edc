import { z } from 'zod';
import { ok, route, type Route } from '../edge/route.ts';
import { caseSchema, showCase } from './case-schema.ts';
import { anyCase } from './cases.ts';
import type { RouteContext } from './context.ts';
import { orgSchema, showOrg } from './orgs.ts';
import { showTask, taskSchema } from './tasks.ts';

const PER_KIND = 8;
/** Of tasks and cases the newest are asked for, and the best of these shown. */
const LOOKED_AT = 50;

/** How well a text fits: 0 it is the text, 1 begins with it, 2 has a word that does, 3 contains it, 4 does not. */
function fit(text: string | null | undefined, q: string): number {
  const [whole, part] = [(text ?? '').toLowerCase(), q.toLowerCase()];
  if (whole === part) return 0;
  if (whole.startsWith(part)) return 1;
  if (whole.includes(` ${part}`)) return 2;
  return whole.includes(part) ? 3 : 4;
}

/** Best first; alike: what is still open, then in the order given. */
function best<T>(items: readonly T[], of: (item: T) => { readonly texts: readonly (string | null | undefined)[]; readonly closed: boolean }, q: string): T[] {
  const rank = (item: T) => {
    const { texts, closed } = of(item);
    return Math.min(...texts.map((text) => fit(text, q))) + (closed ? 0.5 : 0);
  };
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, PER_KIND)
    .map(({ item }) => item);
}

/** Companies, tasks and cases for a palette: one call per owner. */
export function searchRoutes({ services: { stage, task, workflow } }: RouteContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/search',
      tag: 'Around it',
      summary: 'Companies, tasks and cases whose text contains q, best first; total: companies in all, 1000 for that many or more.',
      query: z.object({ q: z.string().min(1).max(200) }),
      answers: { 200: z.object({ orgs: z.array(orgSchema), tasks: z.array(taskSchema), cases: z.array(caseSchema), total: z.number().int() }) },
      async handle({ query: { q }, call }) {
        const [orgs, tasks, cases] = await Promise.all([
          stage.searchOrgs({ q, limit: PER_KIND }, call),
          task.listTasks({ q, statuses: ['OPEN', 'IN_PROGRESS'], taskTypes: [], pageSize: LOOKED_AT }, call),
          workflow.listCases({ q, ...anyCase, mine: false, pageSize: LOOKED_AT }, call),
        ]);
        return ok({
          orgs: orgs.items.map(showOrg),
          tasks: best(tasks.items, (item) => ({ texts: [item.task?.title, item.org?.name], closed: false }), q).map(showTask),
          cases: best(cases.items, (item) => ({ texts: [item.case?.title, item.org?.name, item.case?.number], closed: item.case?.status === 'CLOSED' }), q).map(showCase),
          total: orgs.total,
        });
      },
    }),
  ];
}

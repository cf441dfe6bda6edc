import { z } from 'zod';
import { isDomainError } from '@tom/kernel';
import { ok, route, type Route } from '../edge/route.ts';
import { timelineEntry } from './activities.ts';
import { caseSchema, showCase } from './case-schema.ts';
import { anyCase } from './cases.ts';
import { contactSchema } from './contacts.ts';
import type { RouteContext } from './context.ts';
import { orgSchema, showOrg } from './orgs.ts';
import { showStage, stageSchema } from './stage.ts';
import { showTask, taskSchema } from './tasks.ts';

const parts = ['org', 'stage', 'cases', 'tasks', 'contacts', 'timeline'] as const;

/** All that a company page shows, in one call; a part whose service is away is named and left out. */
export function overviewRoutes({ services: { stage, task, workflow, activity } }: RouteContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/orgs/{orgId}/overview',
      tag: 'Companies',
      summary: 'The whole company page in one call.',
      answers: {
        200: z.object({
          org: orgSchema.optional(),
          stage: stageSchema.optional(),
          cases: z.array(caseSchema).optional(),
          tasks: z.array(taskSchema).optional(),
          contacts: z.array(contactSchema).optional(),
          timeline: z.object({ items: z.array(timelineEntry), nextPageToken: z.string().optional() }).optional(),
          unavailable: z.array(z.enum(parts)),
        }),
      },
      async handle({ params, call }) {
        const orgId = params['orgId'] ?? '';
        const asked: Record<(typeof parts)[number], Promise<unknown>> = {
          org: stage.getOrg({ orgId }, call).then(showOrg),
          stage: stage.explainStage({ orgId }, call).then(showStage),
          cases: workflow.listCases({ orgId, ...anyCase, mine: false, pageSize: 50 }, call).then(({ items }) => items.map(showCase)),
          tasks: task
            .listTasks({ orgId, statuses: ['OPEN', 'IN_PROGRESS'], taskTypes: [], pageSize: 200 }, call)
            .then(({ items }) => items.map(showTask)),
          contacts: stage.listContacts({ orgId, pageSize: 200 }, call).then(({ items }) => items),
          timeline: activity.listTimeline({ orgId, kinds: [], pageSize: 50 }, call),
        };
        const settled = await Promise.allSettled(parts.map((part) => asked[part]));
        const shown: Record<string, unknown> = {};
        const unavailable: string[] = [];
        for (const [index, part] of parts.entries()) {
          const outcome = settled[index];
          if (outcome?.status === 'fulfilled') shown[part] = outcome.value;
          else if (isDomainError(outcome?.reason) && outcome.reason.kind === 'unavailable') unavailable.push(part);
          else throw outcome?.reason;
        }
        return ok({ ...shown, unavailable });
      },
    }),
  ];
}

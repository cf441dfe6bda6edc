import { z } from 'zod';
import { can, rights } from '@tom/catalog';
import type { Me } from '@tom/contracts/tom/task/v1/task_service';
import { ok, route, type Route } from '../edge/route.ts';
import type { RouteContext } from './context.ts';

const settings = {
  language: z.enum(['de', 'en']),
  theme: z.enum(['light', 'dark', 'auto']),
  singleKeys: z.enum(['on', 'off']),
  afterSave: z.enum(['stay', 'next']),
};

const me = z.object({
  id: z.string(),
  name: z.string().optional(),
  roles: z.array(z.string()),
  rights: z.array(z.string()),
  queues: z.array(z.string()),
  settings: z.object(settings).partial(),
});

/** Who is signed in, with rights, queues and settings; and whom work can be given to. */
export function meRoutes({ services: { task }, catalog, codes, peopleKnown }: RouteContext): Route[] {
  const show = ({ id, name, roles, settings: chosen }: Me) => ({
    id,
    name,
    roles,
    rights: rights.filter((right) => can(catalog.roles, roles, right)),
    queues: [...catalog.queues.keys()].filter((queue) => can(catalog.roles, roles, 'work_tasks', { queue })),
    settings: chosen,
  });
  return [
    route({
      method: 'get',
      path: '/me',
      tag: 'Around it',
      summary: 'Who I am and what I may do.',
      answers: { 200: me },
      handle: async ({ call }) => ok(show(await task.getMe({}, call))),
    }),
    route({
      method: 'patch',
      path: '/me/settings',
      tag: 'Around it',
      summary: 'Change my settings; null clears one.',
      body: z.strictObject({
        language: settings.language.nullish(),
        theme: settings.theme.nullish(),
        singleKeys: settings.singleKeys.nullish(),
        afterSave: settings.afterSave.nullish(),
      }),
      answers: { 200: me },
      async handle({ body, call }) {
        const entries = Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [[name, value ?? '']]));
        return ok(show(await task.updateSettings({ settings: Object.fromEntries(entries) as Record<string, string> }, call)));
      },
    }),
    route({
      method: 'get',
      path: '/users',
      tag: 'Around it',
      summary: 'The people whom work can be given to.',
      query: z.object({ role: codes.role.optional() }),
      answers: { 200: z.object({ items: z.array(z.object({ id: z.string(), name: z.string().optional(), roles: z.array(z.string()) })) }) },
      async handle({ query, call }) {
        await peopleKnown();
        return ok(await task.listUsers(query, call));
      },
    }),
  ];
}

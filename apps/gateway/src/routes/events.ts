import { expiryOf } from '@tom/runtime';
import { z } from 'zod';
import { route, streamed, type Route } from '../edge/route.ts';
import { id, time } from '../edge/schemas.ts';
import { liveTopics } from '../live/live-event.ts';
import type { RouteContext } from './context.ts';

const liveEvent = z
  .object({
    id: z.string(),
    type: z.string(),
    subject: z.string(),
    time,
    actor: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'LiveEvent', description: 'The data of one event; what `data` holds is in the event catalogue (/api/v1/asyncapi.json).' });

/** What happens, as it happens. Reading is open to every role, so everybody may see every event. */
export function eventRoutes({ live, catalog }: RouteContext): Route[] {
  const topic = z.enum(liveTopics as [string, ...string[]]);
  // Each name is checked by itself, so that a violation says which are allowed.
  const topics = z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : [value]).flatMap((entry) => entry.split(',')).filter((entry) => entry !== ''))
    .pipe(z.array(topic).min(1))
    .transform((names) => [...new Set(names)].sort())
    .meta({ type: 'string', description: `comma-separated: ${liveTopics.join(', ')}` });
  return [
    route({
      method: 'get',
      path: '/events',
      tag: 'Around it',
      summary: 'Live events: `event` is the short name of the type, `id` what Last-Event-ID takes to go on without a gap. `event: reset` says that an id is too old or unknown: read anew, the stream goes on from now.',
      query: z.object({
        orgId: id.optional(),
        queue: z.enum([...catalog.queues.keys()] as [string, ...string[]]).optional(),
        topics: topics.optional(),
      }),
      events: true,
      answers: { 200: liveEvent },
      handle: async ({ query, caller, lastEventId }) =>
        streamed((response) => live.open(response, { filter: query, lastEventId, expiresAt: expiryOf(caller) })),
    }),
  ];
}

import { require } from '@tom/catalog';
import { expiryOf } from '@tom/runtime';
import { z } from 'zod';
import { listOf } from '../edge/codes.ts';
import { route, streamed, type Route } from '../edge/route.ts';
import { id, time } from '../edge/schemas.ts';
import { liveTopics, type Filter } from '../live/live-event.ts';
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
export function eventRoutes({ live, codes, catalog }: RouteContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/events',
      tag: 'Around it',
      summary: 'Live events: `event` is the short name of the type, `id` what Last-Event-ID takes to go on without a gap. `event: reset` says that an id is too old or unknown: read anew, the stream goes on from now.',
      query: z.object({
        orgId: id.optional(),
        queue: codes.queue.optional(),
        topics: listOf({ options: liveTopics }),
      }),
      events: true,
      answers: { 200: liveEvent },
      async handle({ query, caller, lastEventId }) {
        // No service is asked here that would check it.
        require(catalog.roles, caller.roles, 'read');
        return streamed((response) => live.open(response, { filter: filterOf(query), lastEventId, expiresAt: expiryOf(caller) }));
      },
    }),
  ];
}

// No topic named is no limit, as with every list; those named are put in one order, so that equal wishes are seen as such.
function filterOf({ orgId, queue, topics }: Filter): Filter {
  return { orgId, queue, ...(topics?.length ? { topics: [...new Set(topics)].sort() } : {}) };
}

import type { ServerResponse } from 'node:http';
import type { SimulateTemplatesResponse } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { z } from 'zod';
import { problemOf } from '../edge/problem.ts';
import { ok, route, streamed, type Route } from '../edge/route.ts';
import { id, instant, optional, systemText, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';

/** As long as the edge waits for a simulation. */
const MINUTES_15 = 900_000;
/** As large as a body may be; YAML is checked by its owner. */
const MAX_YAML = 256 * 1024;

const yaml = z.string().max(MAX_YAML);
const count = z.object({ before: z.number().int(), after: z.number().int() });
const shown = z.record(z.string(), z.unknown());
const side = z
  .object({ stage: z.string(), cases: z.array(shown), tasks: z.array(shown), transitions: z.array(shown) })
  .meta({ id: 'SimulationSide', description: 'The stage in the end, and what only this side has; at most 20 of each kind.' });

const result = z
  .object({
    events: z.number().int(),
    orgs: z.number().int(),
    changedOrgs: z.number().int(),
    totals: z.object({ cases: count, tasks: count, transitions: count }),
    differences: z.array(
      z.object({
        orgId: id,
        name: z.string().optional(),
        because: z.object({
          eventId: id,
          event: z.string(),
          at: time,
          template: z.string().optional(),
          version: z.number().int().optional(),
          rule: z.string().optional(),
          text: systemText,
        }),
        before: side,
        after: side,
      }),
    ),
  })
  .meta({ id: 'SimulationResult' });

const progress = z
  .object({ events: z.number().int(), total: z.number().int(), orgs: z.number().int() })
  .meta({ id: 'SimulationProgress', description: 'The data of the events `progress`; that of `result` is the answer, that of `problem` a Problem.' });

/** What a changed template or table of stages would have done. */
export function simulateRoutes({ services: { workflow } }: RouteContext): Route[] {
  return [
    route({
      method: 'post',
      path: '/workflows/simulate',
      tag: 'Workflows',
      summary:
        'What would be different had a template or the table of stages been another: what people did is played again, what templates did is derived anew, twice, in memory. Changes nothing; closing the connection cancels. `since`: put in force then; cases of before keep what they were opened with.',
      body: z.strictObject({ template: optional(yaml), stages: optional(yaml), since: optional(instant), orgIds: optional(z.array(id).max(200)) }),
      answers: { 200: result },
      progress,
      async handle({ body: { orgIds = [], ...body }, call, progress: { wanted, gone } = { wanted: false, gone: new AbortController().signal } }) {
        const request = { template: body.template, stages: body.stages, since: body.since, orgIds, examples: 0 };
        const steps = workflow.simulateTemplates(request, { ...call, signal: gone, timeoutMs: MINUTES_15 });
        if (!wanted) return ok(await resultOf(steps));
        // The first step is awaited before the head is sent: what is refused is refused like everywhere.
        const iterator = steps[Symbol.asyncIterator]();
        const first = await iterator.next();
        return streamed((response) => void tell(response, first, iterator));
      },
    }),
  ];
}

async function resultOf(steps: AsyncIterable<SimulateTemplatesResponse>): Promise<unknown> {
  for await (const { result } of steps) if (result) return result;
  throw new Error('A simulation ended without a result');
}

/** Every step as an event; never rejects: what goes wrong is told as one too. */
async function tell(
  response: ServerResponse,
  first: IteratorResult<SimulateTemplatesResponse>,
  iterator: AsyncIterator<SimulateTemplatesResponse>,
): Promise<void> {
  const write = (event: string, data: unknown): void => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
  try {
    for (let step = first; step.done !== true; step = await iterator.next()) {
      const { progress, result } = step.value;
      if (result) write('result', result);
      else write('progress', progress);
    }
  } catch (error) {
    write('problem', problemOf(error).problem);
  }
  response.end();
}

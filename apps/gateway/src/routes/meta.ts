import { z } from 'zod';
import type { Catalog } from '@tom/catalog';
import { ok, route, type Route } from '../edge/route.ts';
import { systemText } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';

const code = z.object({ code: z.string(), label: systemText });
const list = z.array(code);

const metaSchema = z
  .object({
    orgKinds: z.array(code.extend({ qualified: z.boolean() })),
    orgStatuses: list,
    activityTypes: z.array(
      code.extend({
        contact: z.boolean(),
        directed: z.boolean(),
        outcomes: z.array(
          code.extend({
            order: z.number(),
            mandatory: z.array(z.string()),
            reached: z.boolean(),
            usualFollowUp: z.object({ workingDays: z.number().optional() }).optional(),
          }),
        ),
      }),
    ),
    directions: list,
    taskTypes: list,
    taskStatuses: list,
    taskOrigins: list,
    priorities: z.array(code.extend({ rank: z.number() })),
    waitingFor: list,
    caseTypes: z.array(code.extend({ engine: z.string() })),
    caseStatuses: list,
    outcomeCodes: list,
    noteTypes: list,
    outputTypes: list,
    reasonCodes: z.array(code.extend({ needsNote: z.boolean(), namesOrg: z.boolean() })),
    queues: z.array(z.object({ queue: z.string(), label: systemText, role: z.string(), engine: z.string() })),
    roles: z.array(
      z.object({ role: z.string(), label: systemText, rights: z.array(z.string()), queues: z.array(z.string()), engines: z.array(z.string()) }),
    ),
    stages: z.array(
      z.object({ stage: z.string(), label: systemText, status: z.string(), mainNext: z.string().optional(), side: z.boolean() }),
    ),
    transitions: z.array(
      z.object({ from: z.string(), to: z.string(), setBy: z.string(), needsReason: z.boolean(), reasonCodes: z.array(z.string()) }),
    ),
    engines: z.array(
      z.object({
        engine: z.string(),
        label: systemText,
        role: z.string(),
        queue: z.string(),
        phases: z.array(
          z.object({
            phase: z.string(),
            label: systemText,
            outputs: z.array(z.object({ key: z.string(), type: z.string(), description: systemText, mandatory: z.boolean() })),
          }),
        ),
      }),
    ),
    business: z.object({ timeZone: z.string(), startOfDay: z.string(), endOfDay: z.string(), workingDays: z.array(z.number()) }).catchall(z.unknown()),
  })
  .meta({ id: 'Meta' });

/** All codes, labels and rules of forms that a UI needs; from the configuration, so the same for everybody. */
export function metaRoutes({ catalog }: RouteContext): Route[] {
  const meta = metaOf(catalog);
  return [
    route({
      method: 'get',
      path: '/meta',
      tag: 'Around it',
      summary: 'Codes, queues, roles, stages, phases, reasons, labels and business hours.',
      answers: { 200: metaSchema },
      handle: async () => ok(meta),
    }),
  ];
}

function metaOf({ codes, queues, roles, stages, engines, business }: Catalog) {
  const { calendar: _calendar, ...hours } = business;
  return {
    orgKinds: [...codes.orgKinds.values()],
    orgStatuses: [...codes.orgStatuses.values()],
    activityTypes: [...codes.activityTypes.values()].map((type) => ({ ...type, outcomes: [...type.outcomes.values()] })),
    directions: [...codes.directions.values()],
    taskTypes: [...codes.taskTypes.values()],
    taskStatuses: [...codes.taskStatuses.values()],
    taskOrigins: [...codes.taskOrigins.values()],
    priorities: [...codes.priorities.values()],
    waitingFor: [...codes.waitingFor.values()],
    caseTypes: [...codes.caseTypes.values()],
    caseStatuses: [...codes.caseStatuses.values()],
    outcomeCodes: [...codes.outcomeCodes.values()],
    noteTypes: [...codes.noteTypes.values()],
    outputTypes: [...codes.outputTypes.values()],
    reasonCodes: [...stages.reasons.values()],
    queues: [...queues.values()],
    roles: [...roles.values()].map((role) => ({
      ...role,
      rights: [...role.rights],
      queues: [...role.queues],
      engines: [...role.engines],
    })),
    stages: [...stages.stages.values()],
    transitions: stages.transitions.map(({ from, to, setBy, needsReason, reasons }) => ({
      from,
      to,
      setBy,
      needsReason,
      reasonCodes: reasons.map(({ code }) => code),
    })),
    engines: [...engines.values()],
    business: hours,
  };
}

import { z } from 'zod';
import { holidaysOf, type Catalog } from '@tom/catalog';
import type { Clock } from '@tom/kernel';
import { ok, route, type Route } from '../edge/route.ts';
import { systemText } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';

const named = { code: z.string(), label: systemText };
const code = z.object(named).meta({ id: 'Code' });
const codes = z.array(code);
const names = z.array(z.string());
const flag = z.boolean();

const outcome = z
  .object({
    ...named,
    order: z.number().int(),
    mandatory: names,
    reached: flag,
    usualFollowUp: z.union([z.object({ workingDays: z.number() }), z.object({ hours: z.number() })]).optional(),
  })
  .meta({ id: 'OutcomeOfActivity' });

const output = z.object({ key: z.string(), type: z.string(), description: systemText, mandatory: flag });

const metaSchema = z
  .object({
    orgKinds: z.array(code.extend({ qualified: flag })),
    orgStatuses: codes,
    activityTypes: z.array(code.extend({ contact: flag, directed: flag, outcomes: z.array(outcome) })),
    directions: codes,
    taskTypes: codes,
    taskStatuses: codes,
    taskOrigins: codes,
    priorities: z.array(code.extend({ rank: z.number().int() })),
    waitingFor: codes,
    caseTypes: z.array(code.extend({ engine: z.string() })),
    caseStatuses: codes,
    outcomeCodes: z.array(code.extend({ withoutTemplate: flag })),
    noteTypes: codes,
    outputTypes: codes,
    reasonCodes: z.array(code.extend({ needsNote: flag, namesOrg: flag })),
    queues: z.array(z.object({ queue: z.string(), label: systemText, role: z.string(), engine: z.string() })),
    roles: z.array(
      z.object({ role: z.string(), label: systemText, reach: z.enum(['own', 'all']), rights: names, queues: names, engines: names }),
    ),
    stages: z.array(
      z.object({ stage: z.string(), label: systemText, status: z.string(), side: flag, mainNext: z.string().optional() }),
    ),
    transitions: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        setBy: z.enum(['person', 'workflow']),
        needsReason: flag,
        reasonCodes: names,
        defaultReason: z.string().optional(),
      }),
    ),
    engines: z.array(
      z.object({
        engine: z.string(),
        label: systemText,
        role: z.string(),
        queue: z.string(),
        phases: z.array(z.object({ phase: z.string(), label: systemText, outputs: z.array(output) })),
      }),
    ),
    business: z.object({
      timeZone: z.string(),
      startOfDay: z.string(),
      endOfDay: z.string(),
      workingDays: z.array(z.number().int()),
      holidays: z.object({ country: z.string(), state: z.string().optional() }).optional(),
      holidayDates: z.array(z.object({ date: z.string().meta({ format: 'date' }), label: systemText })),
    }),
  })
  .meta({ id: 'Meta' });

/** All codes, labels and rules of forms that a UI needs; from the configuration, so the same for everybody. */
export function metaRoutes({ catalog, clock }: RouteContext): Route[] {
  const meta = metaOf(catalog);
  return [
    route({
      method: 'get',
      path: '/meta',
      tag: 'Around it',
      summary: 'Codes, queues, roles, stages, phases, reasons, labels and business hours.',
      answers: { 200: metaSchema },
      handle: async () => ok({ ...meta, business: { ...meta.business, holidayDates: holidayDates(catalog, clock) } }),
    }),
  ];
}

/** Of this year and the next: what a form that counts working days reaches. */
function holidayDates({ business: { holidays } }: Catalog, clock: Clock) {
  const year = clock.now().getUTCFullYear();
  return holidays ? [year, year + 1].flatMap((one) => holidaysOf(holidays, one)) : [];
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
    transitions: stages.transitions.map(({ from, to, setBy, needsReason, reasons, defaultReason }) => ({
      from,
      to,
      setBy,
      needsReason,
      reasonCodes: reasons.map((reason) => reason.code),
      defaultReason,
    })),
    engines: [...engines.values()],
    business: hours,
  };
}

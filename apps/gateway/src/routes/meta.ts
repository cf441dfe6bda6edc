import { z } from 'zod';
import type { Catalog } from '@tom/catalog';
import { ok, route, type Route } from '../edge/route.ts';
import type { RouteContext } from './context.ts';

const list = z.array(z.record(z.string(), z.unknown()));

/** All codes, labels and rules of forms that a UI needs; from the configuration, so the same for everybody. */
export function metaRoutes({ catalog }: RouteContext): Route[] {
  const meta = metaOf(catalog);
  return [
    route({
      method: 'get',
      path: '/meta',
      tag: 'Around it',
      summary: 'Codes, queues, roles, stages, phases, reasons, labels and business hours.',
      answers: { 200: z.object(Object.fromEntries(Object.keys(meta).map((key) => [key, key === 'business' ? z.record(z.string(), z.unknown()) : list]))) },
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

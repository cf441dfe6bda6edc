import type { Catalog } from '@tom/catalog';
import { z } from 'zod';
import { MISSING } from './violations.ts';

/** The codes of the configuration as schemas: built once at the start, so that a request pays for a look-up in a set. */
export type CodeSchemas = ReturnType<typeof codeSchemas>;

/**
 * What the services check too, since they are the authority: here it is checked so that everything wrong with a request
 * is said at once, and so that the API's documentation lists the codes.
 */
export function codeSchemas({ codes, queues, roles, stages, engines }: Catalog) {
  return {
    orgKind: oneOf('OrgKind', codes.orgKinds.keys()),
    orgStatus: oneOf('OrgStatus', codes.orgStatuses.keys()),
    activityType: oneOf('ActivityType', codes.activityTypes.keys()),
    activityOutcome: oneOf('ActivityOutcomeCode', [...codes.activityTypes.values()].flatMap((type) => [...type.outcomes.keys()])),
    direction: oneOf('Direction', codes.directions.keys()),
    taskType: oneOf('TaskType', codes.taskTypes.keys()),
    taskStatus: oneOf('TaskStatus', codes.taskStatuses.keys()),
    priority: oneOf('Priority', codes.priorities.keys()),
    waitingFor: oneOf('WaitingFor', codes.waitingFor.keys()),
    caseType: oneOf('CaseType', codes.caseTypes.keys()),
    caseStatus: oneOf('CaseStatus', codes.caseStatuses.keys()),
    caseOutcome: oneOf('CaseOutcome', codes.outcomeCodes.keys()),
    // Only the system writes notes of its own type.
    noteType: oneOf('NoteType', [...codes.noteTypes.keys()].filter((type) => type !== 'system')),
    queue: oneOf('Queue', queues.keys()),
    role: oneOf('Role', roles.keys()),
    engine: oneOf('Engine', engines.keys()),
    phase: oneOf('Phase', [...engines.values()].flatMap((engine) => engine.phases.map(({ phase }) => phase))),
    stage: oneOf('Stage', stages.stages.keys()),
    // Every reason there is; which of them fit depends on the present stage, so that is for its owner to say.
    reason: oneOf('Reason', stages.reasons.keys()),
  };
}

type OneCode = z.ZodEnum<Record<string, string>>;

function oneOf(id: string, values: Iterable<string>): OneCode {
  const error = ({ input }: { readonly input?: unknown }) => (input === undefined ? MISSING : undefined);
  return z.enum(Object.fromEntries([...values].map((value) => [value, value])), { error }).meta({ id });
}

/** Codes in a query, comma-separated or repeated; every one that is unknown makes the parameter wrong. */
export function listOf(schema: { readonly options: readonly string[] }) {
  const known = new Set(schema.options);
  return z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : [value]).flatMap((entry) => entry.split(',')).filter((entry) => entry !== ''))
    .refine((values) => values.every((value) => known.has(value)), {
      message: 'names an unknown code',
      params: { expected: `some of ${[...known].join(', ')}` },
    })
    .optional()
    .meta({
      type: 'array',
      items: { type: 'string', enum: [...known] },
      description: 'comma-separated or repeated',
      param: { style: 'form', explode: false },
    });
}

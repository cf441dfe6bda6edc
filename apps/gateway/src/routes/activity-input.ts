import type { Catalog } from '@tom/catalog';
import { z } from 'zod';
import type { CodeSchemas } from '../edge/codes.ts';
import { id, instant, judged, optional, text, type Refuse } from '../edge/schemas.ts';

/** The bodies that describe an activity. */
export type ActivityInputs = ReturnType<typeof activityInputs>;

const minutes = z.number().int().min(0).max(24 * 60);

/** What a person may say of an activity: on its own or together with a transition (`input`), and as a PATCH. */
export function activityInputs({ codes: { activityTypes } }: Catalog, codes: CodeSchemas) {
  const all = [...new Set([...activityTypes.values()].flatMap(({ outcomes }) => [...outcomes.keys()]))];
  // Which outcomes there are is judged with the type, below; the documentation lists them all.
  const outcomeCode = z.string().meta({ id: 'ActivityOutcome', type: 'string', enum: all });

  function checkAgainstType({ activityType, outcomeCode: outcome, direction }: Readonly<Record<string, unknown>>, refuse: Refuse): void {
    const type = typeof activityType === 'string' ? activityTypes.get(activityType) : undefined;
    if (typeof outcome === 'string') {
      const known = type ? [...type.outcomes.keys()] : all;
      const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'no outcome';
      if (!known.includes(outcome)) refuse('outcomeCode', type ? `is not an outcome of ${type.code}` : 'is not an outcome', expected);
    }
    if (typeof direction === 'string' && type && !type.directed) {
      refuse('direction', `makes no sense for ${type.code}`, 'no direction');
    }
  }

  const input = z.strictObject({
    activityType: codes.activityType,
    direction: optional(codes.direction),
    occurredAt: optional(instant),
    durationMinutes: optional(minutes),
    outcomeCode: optional(outcomeCode),
    subject: optional(text(300)),
    notes: optional(text(10_000)),
    contactId: optional(id),
    caseId: optional(id),
    followUpAt: optional(instant),
    completesTaskId: optional(id),
  });
  const patch = z.strictObject({
    activityType: codes.activityType.optional(),
    direction: codes.direction.nullish(),
    occurredAt: instant.optional(),
    durationMinutes: minutes.nullish(),
    outcomeCode: outcomeCode.nullish(),
    subject: text(300).nullish(),
    notes: text(10_000).nullish(),
    contactId: id.nullish(),
    caseId: id.nullish(),
    followUpAt: instant.nullish(),
  });
  return { input: judged(input, checkAgainstType).meta({ id: 'ActivityInput' }), patch: judged(patch, checkAgainstType) };
}

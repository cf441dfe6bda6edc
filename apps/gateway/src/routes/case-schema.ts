import { z } from 'zod';
import type { CaseView } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { id, orgSummary, systemText, time } from '../edge/schemas.ts';

const outputSchema = z
  .object({
    requirementId: id,
    key: z.string(),
    type: z.string(),
    description: systemText,
    mandatory: z.boolean(),
    fulfilled: z.object({ value: z.string(), by: z.string(), at: time }).optional(),
  })
  .meta({ id: 'CaseOutput' });

const placeSchema = z.object({ engine: z.string(), role: z.string(), queue: z.string(), phase: z.string().optional() });

const transferSchema = z
  .object({
    id,
    kind: z.enum(['handover', 'return']),
    fromEngine: z.string(),
    fromRole: z.string().optional(),
    fromQueue: z.string().optional(),
    fromPhase: z.string().optional(),
    toEngine: z.string(),
    toRole: z.string().optional(),
    toQueue: z.string().optional(),
    toPhase: z.string().optional(),
    at: time,
    by: z.string(),
    goal: z.string().optional(),
    context: z.string().optional(),
    openPoints: z.array(z.string()),
    recommendation: z.string().optional(),
    reason: z.string().optional(),
    missing: z.array(z.string()),
  })
  .meta({ id: 'CaseTransfer' });

export const caseSchema = z
  .object({
    caseId: id,
    number: z.number().int(),
    orgId: id,
    org: orgSummary,
    caseType: z.string(),
    engine: z.string(),
    phase: z.string().optional(),
    phases: z.array(
      z.object({
        phase: z.string(),
        label: systemText,
        outputs: z.array(outputSchema),
      }),
    ),
    status: z.enum(['NEW', 'IN_PROGRESS', 'WAITING_INTERNAL', 'WAITING_EXTERNAL', 'ESCALATED', 'BLOCKED', 'CLOSED']),
    statusReason: systemText.optional(),
    ownerRole: z.string(),
    ownerQueue: z.string(),
    owner: z.string().optional(),
    priority: z.enum(['LOW', 'NORMAL', 'HIGH', 'URGENT']),
    title: z.string(),
    description: z.string().optional(),
    dueAt: time.optional(),
    openedAt: time,
    closedAt: time.optional(),
    outcomeCode: z.string().optional(),
    outcomeNote: z.string().optional(),
    template: z.string().optional(),
    templateVersion: z.number().optional(),
    returnCount: z.number().int(),
    chain: z.array(transferSchema),
    allowedOutcomes: z.array(z.object({ code: z.string(), label: systemText, needsReason: z.boolean(), stage: z.string().optional() })),
    returnTarget: placeSchema.extend({ outputs: z.array(outputSchema) }).optional(),
    version: z.number().int(),
  })
  .meta({ id: 'Case' });

/** A case as the API shows it. */
export function showCase({ case: item, org, ...view }: CaseView) {
  return { ...item, number: Number(item?.number ?? 0), org: org ?? {}, ...view };
}

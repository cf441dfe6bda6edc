import type { CaseTransfer } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Transfer } from '@tom/workflow';

/** One link of the chain as a case page shows it. */
export function transferMessage(link: Transfer): CaseTransfer {
  const { id, kind, from, to, at, by } = link;
  const words =
    link.kind === 'handover'
      ? {
          goal: link.goal,
          context: link.context,
          openPoints: [...link.openPoints],
          recommendation: link.recommendation,
          reason: undefined,
          missing: [],
        }
      : {
          goal: undefined,
          context: undefined,
          openPoints: [],
          recommendation: undefined,
          reason: link.reason,
          missing: [...link.missing],
        };
  return {
    id,
    kind,
    fromEngine: from.engine,
    fromRole: from.role,
    fromQueue: from.queue,
    fromPhase: from.phase,
    toEngine: to.engine,
    toRole: to.role,
    toQueue: to.queue,
    toPhase: to.phase,
    at: at.toISOString(),
    by,
    ...words,
  };
}

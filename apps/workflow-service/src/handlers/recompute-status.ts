import type { BatchItem } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { untouched, withStatus } from '@tom/workflow';
import { caseDrafts } from '../adapters/case-messages.ts';
import { lockOpenCases, updateCases, workFactsOf } from '../adapters/case-table.ts';

/** The message that a change of a case's status is the consequence of. */
export type Causes = ReadonlyMap<string, Pick<BatchItem<unknown>, 'emit'>>;

/**
 * Computes the status of open cases anew and tells where it differs. The cases are locked before their facts are read:
 * two transactions that each learned half of the facts must not both decide on their half.
 */
export async function recomputeStatus(tx: Tx, now: Date, caseIds: readonly string[], causes: Causes): Promise<void> {
  const cases = await lockOpenCases(tx, caseIds);
  const work = await workFactsOf(
    tx,
    cases.map((item) => item.caseId),
  );
  const decisions = cases
    .map((item) => withStatus({ next: item, events: [] }, work.get(item.caseId) ?? untouched, now))
    .filter((decision) => decision.events.length > 0);
  await updateCases(
    tx,
    decisions.map((decision) => decision.next),
  );
  for (const { next, events } of decisions) causes.get(next.caseId)?.emit(...caseDrafts(events));
}

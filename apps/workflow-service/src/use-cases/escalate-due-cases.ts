import { newId } from '@tom/kernel';
import { untouched, withStatus } from '@tom/workflow';
import { caseDrafts } from '../adapters/case-messages.ts';
import { dueCases, lockOpenCases, updateCases, workFactsOf } from '../adapters/case-table.ts';
import type { Deps } from '../deps.ts';

const BATCH = 200;

/** Nobody does anything when a due date passes, so time itself has to be looked at: such cases become ESCALATED. */
export async function escalateDueCases({
  database,
  clock,
  outbox,
}: Pick<Deps, 'database' | 'clock' | 'outbox'>): Promise<number> {
  const now = clock.now();
  const due = await database.query<{ caseId: string }>(dueCases, [now, BATCH]);
  if (due.length === 0) return 0;
  return database.transaction(async (tx) => {
    const cases = await lockOpenCases(
      tx,
      due.map(({ caseId }) => caseId),
    );
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
    const origin = { correlationId: newId(), depth: 0, actor: 'service:workflow-service' };
    await outbox.append(
      tx,
      origin,
      decisions.flatMap((decision) => caseDrafts(decision.events)),
    );
    return decisions.length;
  });
}

import type { CancelCaseTasks } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { cancelCase } from '../adapters/org-table.ts';
import type { Deps } from '../deps.ts';
import { cancelOpen } from './cancel-open.ts';

/** The case was closed: what its template still has open is cancelled. The next step stays, with its person. */
export function onCancelCaseTasks({ tasks }: Pick<Deps, 'tasks'>) {
  return async (context: HandlerContext<CancelCaseTasks>): Promise<void> => {
    const { tx, envelope } = context;
    const { caseId, orgId, reason } = envelope.data;
    await cancelCase(tx, { caseId, orgId, at: new Date(envelope.time) });
    await cancelOpen(tasks, context, await tasks.lockOpenOfCase(tx, caseId), reason);
  };
}

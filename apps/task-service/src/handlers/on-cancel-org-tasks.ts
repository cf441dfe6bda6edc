import type { CancelOrgTasks } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { cancelOrgBefore } from '../adapters/org-table.ts';
import type { Deps } from '../deps.ts';
import { cancelOpen } from './cancel-open.ts';

/** The company is disqualified or archived: every open task from before that is cancelled, also one that arrives later. */
export function onCancelOrgTasks({ tasks }: Pick<Deps, 'tasks'>) {
  return async (context: HandlerContext<CancelOrgTasks>): Promise<void> => {
    const { tx, envelope } = context;
    const { orgId, reason } = envelope.data;
    const before = new Date(envelope.data.before);
    await cancelOrgBefore(tx, orgId, before);
    await cancelOpen(tasks, context, await tasks.lockOpenOfOrg(tx, orgId, before), reason);
  };
}

import type { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError } from '@tom/kernel';
import { createHistoryReader } from '@tom/messaging';
import type { Handlers } from '@tom/runtime';
import type { Deps } from '../deps.ts';

/** What other services rebuild their projections from. */
export function historyRpcs({ database }: Deps): Pick<Handlers<typeof WorkflowServiceService>, 'listHistory'> {
  const read = createHistoryReader(database, 'case_history');
  return {
    async listHistory(request, { caller }) {
      if (caller.kind !== 'service') throw new DomainError('FORBIDDEN', 'This is for services only.');
      return read(request);
    },
  };
}

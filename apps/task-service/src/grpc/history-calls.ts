import type { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError } from '@tom/kernel';
import { createHistoryReader } from '@tom/messaging';
import type { Handlers } from '@tom/runtime';
import type { Deps } from '../deps.ts';

/** What other services rebuild their projections from. */
export function historyCalls({ database }: Deps): Pick<Handlers<typeof TaskServiceService>, 'listHistory'> {
  const read = createHistoryReader(database, 'task_history');
  return {
    async listHistory(request, { caller }) {
      if (caller.kind !== 'service') throw new DomainError('FORBIDDEN', 'This is for services only.');
      return read(request);
    },
  };
}

import type { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { DomainError, isUuid } from '@tom/kernel';
import { createHistoryReader } from '@tom/messaging';
import type { CallContext, Handlers } from '@tom/runtime';
import { listOrgIds } from '../adapters/org-ids.ts';
import type { Deps } from '../deps.ts';

const MOST_IDS = 1_000;

/** What other services rebuild their projections from. */
export function historyHandlers({
  database,
}: Deps): Pick<Handlers<typeof StageServiceService>, 'listHistory' | 'listOrgIds'> {
  const read = createHistoryReader(database, 'org_history');
  return {
    async listHistory(request, call) {
      requireService(call);
      return read(request);
    },
    async listOrgIds({ after, pageSize }, call) {
      requireService(call);
      if (after !== undefined && !isUuid(after))
        throw DomainError.invalid([{ path: 'after', message: 'is not an id', expected: 'a UUID' }]);
      return { orgIds: await listOrgIds(database, after, Math.min(MOST_IDS, pageSize > 0 ? pageSize : MOST_IDS)) };
    },
  };
}

function requireService({ caller }: CallContext): void {
  if (caller.kind !== 'service') throw new DomainError('FORBIDDEN', 'This is for services only.');
}

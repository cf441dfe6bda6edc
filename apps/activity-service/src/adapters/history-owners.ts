import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { newId } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import type { ServiceTokens } from '@tom/runtime';
import type { Connect } from '@tom/service';
import type { OwnerAddresses } from './owners.ts';

/** What the other services keep of what they published. Asked with this service's own token. */
export interface HistoryOwners {
  /** Every event of a company that the owners had published before this was asked, page by page. */
  historyOf(orgId: string): AsyncGenerator<readonly Envelope[]>;
  /** Companies that exist or did, in the order of their ids. */
  companies(after: string | undefined): Promise<readonly string[]>;
}

interface Page {
  readonly envelopes: readonly string[];
  readonly nextPageToken?: string | undefined;
}

const PAGE = 200;
const COMPANIES = 500;

/** Clients of the owners of histories. */
export function createHistoryOwners(
  connect: Connect,
  addresses: OwnerAddresses,
  serviceTokens: ServiceTokens,
): HistoryOwners {
  const stage = connect(StageServiceService, { address: addresses.stageService, serviceTokens });
  const task = connect(TaskServiceService, { address: addresses.taskService, serviceTokens });
  const workflow = connect(WorkflowServiceService, { address: addresses.workflowService, serviceTokens });
  const call = () => ({ correlationId: newId() });

  async function* pagesOf(
    read: (pageToken: string | undefined) => Promise<Page>,
  ): AsyncGenerator<readonly Envelope[]> {
    let pageToken: string | undefined;
    do {
      const page = await read(pageToken);
      yield page.envelopes.map((text) => JSON.parse(text) as Envelope);
      pageToken = page.nextPageToken;
    } while (pageToken);
  }

  return {
    async *historyOf(orgId) {
      for (const owner of [stage, task, workflow]) {
        yield* pagesOf((pageToken) => owner.listHistory({ orgId, pageSize: PAGE, pageToken }, call()));
      }
    },
    companies: async (after) => (await stage.listOrgIds({ after, pageSize: COMPANIES }, call())).orgIds,
  };
}

import type { OrgCreated, OrgStageChanged, OrgUpdated } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { writeOrgs } from '../adapters/org-table.ts';

/** Keeps what lists show of companies; the latest revision wins. */
export async function onOrgEvent({ tx, items }: BatchContext<OrgCreated | OrgUpdated | OrgStageChanged>): Promise<void> {
  await writeOrgs(
    tx,
    items.map(({ envelope: { revision, data } }) => ({
      orgId: data.org.orgId,
      revision,
      name: data.org.name ?? null,
      city: data.org.address?.city ?? null,
      currentStage: data.org.currentStage,
    })),
  );
}

import type { Catalog } from '@tom/catalog';
import type { OrgCreated, OrgStageChanged, OrgUpdated } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { saveOrgs } from '../adapters/known-org-table.ts';
import { tellAll } from './tell.ts';

/** Every event with a company's snapshot: the company is known from now on; its latest revision wins. */
export const onOrgEvent =
  (catalog: Catalog) =>
  async <T extends OrgCreated | OrgUpdated | OrgStageChanged>({ tx, now, items }: BatchContext<T>): Promise<void> => {
    const seen = items.map(({ envelope: { data, revision } }) => ({
      org_id: data.org.orgId,
      current_stage: data.org.currentStage,
      revision,
      changed_at: now.toISOString(),
    }));
    await saveOrgs(tx, seen);
    await tellAll(tx, catalog, items.map((item) => item.envelope));
  };

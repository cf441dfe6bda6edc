import type { OrgUpdated } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { observe } from '../adapters/observation-tables.ts';
import { orgOfEvent, projectOrgs } from '../adapters/org-projection.ts';

/** Keeps name, city and kind of the company up to date. */
export async function onOrgUpdated({ tx, now, items }: BatchContext<OrgUpdated>): Promise<void> {
  await projectOrgs(
    tx,
    items.map(({ envelope }) => orgOfEvent(envelope.data.org, envelope.revision, 0)),
  );
  const observations = items.map(({ envelope }) => ({
    envelope,
    codes: { org_kind: envelope.data.org.orgKind, changed_fields: envelope.data.changedFields.join(',') },
  }));
  observe(tx, now, observations);
}

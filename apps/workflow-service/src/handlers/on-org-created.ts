import type { OrgCreated } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { observe } from '../adapters/observation-tables.ts';
import { orgOfEvent, projectOrgs } from '../adapters/org-projection.ts';

/** Makes the company known. What starts work on it is the stage change that follows. */
export async function onOrgCreated({ tx, now, items }: BatchContext<OrgCreated>): Promise<void> {
  await projectOrgs(
    tx,
    items.map(({ envelope }) => orgOfEvent(envelope.data.org, envelope.revision, 0)),
  );
  const observations = items.map(({ envelope }) => ({
    envelope,
    codes: {
      org_kind: envelope.data.org.orgKind,
      status: envelope.data.org.status,
      stage: envelope.data.org.currentStage,
    },
  }));
  observe(tx, now, observations);
}

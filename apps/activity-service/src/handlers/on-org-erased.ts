import type { Catalog } from '@tom/catalog';
import { ReportActivity, type OrgErased } from '@tom/contracts/messages';
import { forgetDeadLetters, type HandlerContext } from '@tom/messaging';
import { scrubActivities } from '../adapters/activity-table.ts';
import { externalRefOf, markErased } from '../adapters/known-org-table.ts';
import { scrubEntries } from '../adapters/timeline-table.ts';
import { lockRefs, takeReports } from '../adapters/waiting-report-table.ts';
import { tellAll } from './tell.ts';

/** Clears what people wrote about the company; the mark keeps out what arrives later, or again. */
export const onOrgErased =
  (catalog: Catalog) => async ({ tx, now, envelope }: HandlerContext<OrgErased>): Promise<void> => {
    const { orgId } = envelope.data;
    const externalRef = await externalRefOf(tx, orgId);
    if (externalRef !== undefined) {
      // A report that is being logged at this moment is waited for, and scrubbed with the others.
      await lockRefs(tx, [externalRef]);
      await takeReports(tx, externalRef);
      await forgetDeadLetters(tx, ReportActivity.topic, externalRef);
    }
    await markErased(tx, { orgId, externalRef, revision: envelope.revision }, now);
    await scrubActivities(tx, orgId);
    await scrubEntries(tx, orgId);
    await tellAll(tx, catalog, [envelope]);
  };

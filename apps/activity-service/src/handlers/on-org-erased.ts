import type { Catalog } from '@tom/catalog';
import type { OrgErased } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { scrubActivities } from '../adapters/activity-table.ts';
import { markErased } from '../adapters/known-org-table.ts';
import { scrubEntries } from '../adapters/timeline-table.ts';
import { tellAll } from './tell.ts';

/** Clears what people wrote about the company; the mark keeps out what arrives later, or again. */
export const onOrgErased =
  (catalog: Catalog) => async ({ tx, now, envelope }: HandlerContext<OrgErased>): Promise<void> => {
    const { orgId } = envelope.data;
    await markErased(tx, orgId, envelope.revision, now);
    await scrubActivities(tx, orgId);
    await scrubEntries(tx, orgId);
    await tellAll(tx, catalog, [envelope]);
  };

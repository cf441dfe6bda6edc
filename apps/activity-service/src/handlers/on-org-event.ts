import type { OrgCreated, OrgStageChanged, OrgUpdated } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { saveOrgs } from '../adapters/known-org-table.ts';
import { lockRefs } from '../adapters/waiting-report-table.ts';
import { logWaiting, type ReportDeps } from './log-reports.ts';
import { tellAll } from './tell.ts';

/**
 * Every event with a company's snapshot: the company is known from now on; its latest revision wins. Reports that waited
 * for its external reference are logged with it.
 */
export const onOrgEvent =
  (deps: ReportDeps) =>
  async <T extends OrgCreated | OrgUpdated | OrgStageChanged>({ tx, now, items }: BatchContext<T>): Promise<void> => {
    const seen = items.map(({ envelope: { data, revision, time } }) => ({
      org_id: data.org.orgId,
      current_stage: data.org.currentStage,
      revision,
      changed_at: now.toISOString(),
      external_ref: data.org.externalRef,
      told_at: time,
    }));
    const refs = [...new Set(seen.flatMap(({ external_ref }) => (external_ref === undefined ? [] : [external_ref])))];
    await lockRefs(tx, refs);
    await saveOrgs(tx, seen);
    await tellAll(tx, deps.catalog, items.map((item) => item.envelope));
    if (refs.length > 0) await logWaiting(deps, tx, now, refs);
  };

import type { Clock } from '@tom/kernel';
import { buryKept } from '@tom/messaging';
import type { Database } from '@tom/postgres';
import { periodically, type Logger, type Metrics } from '@tom/runtime';
import { findOrgByRef } from '../adapters/known-org-table.ts';
import { readReport } from '../adapters/read-report.ts';
import { registerWaitingReports } from '../adapters/waiting-report-gauges.ts';
import { lockRefs, refsWaitingSince, takeReports } from '../adapters/waiting-report-table.ts';

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 60_000;

interface Deps {
  readonly database: Database;
  readonly clock: Clock;
  readonly group: string;
}

/** Shows how many reports wait, and looks every minute for those that have waited for too long. */
export function watchWaitingReports(deps: Deps & { readonly metrics: Metrics; readonly logger: Logger; readonly days: number }) {
  const { metrics, logger, days } = deps;
  registerWaitingReports(metrics, deps);
  const failed = (error: unknown) => logger.warn({ err: error }, 'waiting reports were not looked at; tried again later');
  return periodically(LOOK_EVERY_MS, () => expireWaitingReports(deps, days), failed);
}

/**
 * Puts reports whose company did not come in time among the dead letters of the group, with all that wait behind them, so
 * that none overtakes another. A redrive logs them once the company exists.
 */
async function expireWaitingReports({ database, clock, group }: Deps, days: number): Promise<void> {
  const refs = await refsWaitingSince(database, new Date(clock.now().getTime() - days * DAY_MS));
  for (const externalRef of refs) {
    await database.transaction(async (tx) => {
      await lockRefs(tx, [externalRef]);
      // Its event comes this very moment: whoever brings it logs what waits.
      if (await findOrgByRef(tx, externalRef)) return;
      const kept = (await takeReports(tx, externalRef)).map(readReport);
      const error = `its company did not come within ${days} days`;
      await buryKept(tx, { group, kept, reason: 'expired', error, now: clock.now() });
    });
  }
}

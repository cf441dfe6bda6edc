import type { Catalog } from '@tom/catalog';
import { ActivityLogged, type ReportActivity } from '@tom/contracts/messages';
import { ids, violationsInWords } from '@tom/kernel';
import { buryKept, causedBy, RefusedError, type Envelope, type Outbox } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { insertActivities } from '../adapters/activity-table.ts';
import { activityEntry } from '../adapters/entries/activity-entries.ts';
import { findOrgByRef } from '../adapters/known-org-table.ts';
import { readKnown } from '../adapters/known.ts';
import { readReport, type Report } from '../adapters/read-report.ts';
import { insertEntries } from '../adapters/timeline-table.ts';
import { takeReports, waitingRefs } from '../adapters/waiting-report-table.ts';
import { newActivity } from '../domain/activity.ts';
import { acceptReport } from '../domain/report.ts';

/** What logging reports needs; `group` is the consumer group among whose dead letters a report may end. */
export interface ReportDeps {
  readonly catalog: Catalog;
  readonly outbox: Outbox;
  readonly group: string;
}

interface Reported {
  readonly orgId: string;
  readonly erased: boolean;
}

export const activityIdOf = ({ data }: Envelope<ReportActivity>): string =>
  ids.reportedActivity(data.externalRef, data.reportedId);

/**
 * Logs what waits for the companies of these references, in the transaction that learnt of them and holds the references
 * locked. One that cannot be logged goes to the dead letters with those behind it: it must not hold up the event.
 */
export async function logWaiting(deps: ReportDeps, tx: Tx, now: Date, externalRefs: readonly string[]): Promise<void> {
  for (const externalRef of await waitingRefs(tx, externalRefs)) {
    const org = await findOrgByRef(tx, externalRef);
    if (!org) continue;
    const reports = (await takeReports(tx, externalRef)).map(readReport);
    for (const [index, report] of reports.entries()) {
      const refusal = await logReport(deps, tx, now, org, report.envelope);
      if (refusal === undefined) continue;
      await buryKept(tx, { ...deps, kept: reports.slice(index), reason: 'refused', error: refusal, now });
      break;
    }
  }
}

/** Logs a report of a known company behind those that may still wait for it; throws a RefusedError. */
export async function logArrived(deps: ReportDeps, tx: Tx, now: Date, org: Reported, report: Report): Promise<void> {
  await logWaiting(deps, tx, now, [report.envelope.data.externalRef]);
  const refusal = await logReport(deps, tx, now, org, report.envelope);
  if (refusal !== undefined) throw new RefusedError(refusal);
}

/** Answers why the report cannot be logged. Its id is given, so twice is once, also when the activity was deleted since. */
async function logReport(
  deps: ReportDeps,
  tx: Tx,
  now: Date,
  { orgId, erased }: Reported,
  envelope: Envelope<ReportActivity>,
): Promise<string | undefined> {
  // Nothing new is written about a company whose data was erased, and the other system cannot know.
  if (erased) return undefined;
  const { actor, correlationId, id: causationId } = envelope;
  const given = envelope.data.fields;
  const [known] = await readKnown(tx, [{ orgId, caseId: given.caseId, contactId: given.contactId }]);
  if (!known) throw new Error('The projections gave no answer');
  const accepted = acceptReport(orgId, given, known);
  if ('violations' in accepted) return violationsInWords(accepted.violations);
  const { fields, place } = accepted;
  const activityId = activityIdOf(envelope);
  const stored = newActivity({
    activityId,
    orgId,
    fields: { ...fields, occurredAt: fields.occurredAt ?? envelope.time },
    place,
    by: actor,
    at: now.toISOString(),
  });
  if (!(await insertActivities(tx, [stored])).has(activityId)) return undefined;
  const { activity, revision } = stored;
  await insertEntries(tx, [activityEntry({ actor, correlationId, causationId }, activity, deps.catalog)]);
  // Caused by the report, also when another event is what brought it about that it can be logged.
  await deps.outbox.append(tx, causedBy(envelope, actor), [
    { type: ActivityLogged, aggregateId: activityId, revision, orgId, data: { activity } },
  ]);
  return undefined;
}

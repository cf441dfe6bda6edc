import type { Catalog } from '@tom/catalog';
import type { ReportActivity } from '@tom/contracts/messages';
import { violationsInWords, type Violation } from '@tom/kernel';
import { RefusedError, UndecodableError, type Envelope, type HandlerContext } from '@tom/messaging';
import { serviceCall, type ServiceTokens } from '@tom/runtime';
import { findOrgByRef } from '../adapters/known-org-table.ts';
import type { Places } from '../adapters/places.ts';
import { keepReport, lockRefs, MOST_FOR_ONE } from '../adapters/waiting-report-table.ts';
import { checkFields, checkTimes } from '../domain/check-fields.ts';
import { activityIdOf, logArrived, type ReportDeps } from './log-reports.ts';

const inFields = (violations: readonly Violation[]): Violation[] =>
  violations.map((violation) => ({ ...violation, path: `fields.${violation.path}` }));

/** What the contract alone cannot refuse: the key, codes, empty texts, and a follow-up from before what it follows. */
export const checkReport =
  (catalog: Catalog) => ({ key, time, data }: Envelope<ReportActivity>): void => {
    const { externalRef, reportedId, fields } = data;
    const violations = inFields(checkFields(catalog.codes.activityTypes, fields));
    const refuse = (path: string, message: string, expected: string) => violations.push({ path, message, expected });
    if (externalRef !== key) refuse('externalRef', 'is not the key of the message', 'the same text as the key');
    for (const [path, text] of Object.entries({ externalRef, reportedId })) {
      if (text.trim() === '' || /[\0\p{Surrogate}]/u.test(text)) refuse(path, 'is not usable', 'a text without NUL that is not blank');
    }
    if (fields.followUpAt !== undefined && new Date(fields.followUpAt) < new Date(fields.occurredAt ?? time)) {
      refuse('fields.followUpAt', 'lies before the activity', 'an instant from then on');
    }
    if (violations.length > 0) throw new UndecodableError(violationsInWords(violations));
  };

/** Before the transaction: what the report names and the projections lack is asked of its owners. */
export const gatherForReport =
  (deps: { readonly places: Places; readonly serviceTokens: ServiceTokens }) =>
  async (envelope: Envelope<ReportActivity>): Promise<undefined> => {
    const { externalRef, fields } = envelope.data;
    const { caseId, contactId } = fields;
    await deps.places.learn({ externalRef, caseId, contactId }, await serviceCall(deps.serviceTokens, envelope));
    return undefined;
  };

/**
 * An activity that another system saw. Before its company is known it waits; what comes later under the same reference
 * then finds no company either, so the order holds. A follow-up may lie in the past by now: it was agreed on all the same.
 */
export const onReportActivity =
  (deps: ReportDeps) =>
  async ({ tx, now, envelope, message }: HandlerContext<ReportActivity>): Promise<void> => {
    const { externalRef, fields } = envelope.data;
    const wrongTimes = inFields(checkTimes(fields, now, false));
    if (wrongTimes.length > 0) throw new RefusedError(violationsInWords(wrongTimes));
    await lockRefs(tx, [externalRef]);
    const org = await findOrgByRef(tx, externalRef);
    if (org) return logArrived(deps, tx, now, org, { envelope, message });
    if (await keepReport(tx, activityIdOf(envelope), message, now)) return;
    throw new RefusedError(`too many reports wait for their company already (${MOST_FOR_ONE} for one)`);
  };

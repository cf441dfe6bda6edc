import type { Violation } from '@tom/kernel';
import type { ActivityFields, Place } from './activity.ts';
import { chooseCase, type OpenCase } from './choose-case.ts';

/** What is known of the case and the contact that a report names, and of the company's open cases. */
export interface KnownOfReport {
  readonly openCases: readonly OpenCase[];
  readonly case: { readonly orgId: string; readonly queue: string } | undefined;
  readonly contact: { readonly orgId: string; readonly removed: boolean } | undefined;
}

/** What another system reported, as an activity of this company can have it, or everything that keeps it from that. */
export type AcceptedReport =
  | { readonly fields: ActivityFields; readonly place: Place }
  | { readonly violations: readonly Violation[] };

/**
 * A report tells what has happened, so the rules take from it what cannot be any more instead of refusing it: a contact
 * that was removed since, and the task that it would complete, for only people complete tasks. Without a case it belongs
 * to the company's only open one: a system works in no engine. What never was one of the company's is an error.
 */
export function acceptReport(orgId: string, fields: ActivityFields, known: KnownOfReport): AcceptedReport {
  const { completesTaskId: _task, contactId, ...rest } = fields;
  const violations: Violation[] = [];
  if (contactId !== undefined && known.contact?.orgId !== orgId) {
    violations.push({ path: 'fields.contactId', message: 'is not a contact of this company', expected: 'the id of one of its contacts' });
  }
  if (fields.caseId !== undefined && known.case?.orgId !== orgId) {
    violations.push({ path: 'fields.caseId', message: 'is not a case of this company', expected: 'the id of one of its cases' });
  }
  if (violations.length > 0) return { violations };
  const place =
    fields.caseId === undefined ? chooseCase(known.openCases, 'all') : { caseId: fields.caseId, queue: known.case?.queue };
  const present = contactId !== undefined && known.contact?.removed === false;
  return { fields: present ? { ...rest, contactId } : rest, place };
}

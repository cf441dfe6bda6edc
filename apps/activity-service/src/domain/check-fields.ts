import { isUuid, type Violation } from '@tom/kernel';
import type { ActivityFields } from './activity.ts';

/** What the catalog says of the types of activities. */
export type ActivityTypes = ReadonlyMap<
  string,
  { readonly directed: boolean; readonly outcomes: ReadonlyMap<string, unknown> }
>;

const CLOCK_ERROR_MS = 60_000;
const LONGEST_MINUTES = 7 * 24 * 60;
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
/** Postgres cannot store it. */
const NUL = '\u0000';

/** Everything that is wrong with the fields whatever the time is: the same request is wrong in the same way for ever. */
export function checkFields(types: ActivityTypes, fields: ActivityFields): Violation[] {
  const violations: Violation[] = [];
  const refuse = (path: string, message: string, expected: string) => violations.push({ path, message, expected });
  checkCodes(types, fields, refuse);
  for (const path of ['occurredAt', 'followUpAt'] as const) {
    if (fields[path] !== undefined && !isInstant(fields[path])) {
      refuse(path, 'is not an instant', 'an RFC 3339 instant in the years 1900 to 2199');
    }
  }
  const minutes = fields.durationMinutes;
  if (minutes !== undefined && (!Number.isInteger(minutes) || minutes < 0 || minutes > LONGEST_MINUTES)) {
    refuse('durationMinutes', 'is not a usual duration', `a whole number from 0 to ${LONGEST_MINUTES}`);
  }
  checkText('subject', fields.subject, 500, refuse);
  checkText('notes', fields.notes, 10_000, refuse);
  for (const path of ['contactId', 'caseId', 'completesTaskId'] as const) {
    const id = fields[path];
    if (id !== undefined && !isUuid(id)) refuse(path, 'is not an id', 'a UUID');
  }
  return violations;
}

/** What is wrong with the fields because of the time; `moved` says whether followUpAt is set or moved by this request. */
export function checkTimes(fields: ActivityFields, now: Date, moved = fields.followUpAt !== undefined): Violation[] {
  const violations: Violation[] = [];
  const { occurredAt, followUpAt } = fields;
  if (occurredAt !== undefined && new Date(occurredAt).getTime() > now.getTime() + CLOCK_ERROR_MS) {
    violations.push({ path: 'occurredAt', message: 'lies in the future', expected: 'an instant not later than now' });
  }
  if (moved && followUpAt !== undefined && new Date(followUpAt).getTime() < now.getTime()) {
    violations.push({ path: 'followUpAt', message: 'lies in the past', expected: 'an instant from now on' });
  }
  return violations;
}

type Refuse = (path: string, message: string, expected: string) => void;

function checkCodes(types: ActivityTypes, fields: ActivityFields, refuse: Refuse): void {
  const { activityType, direction, outcomeCode } = fields;
  const type = types.get(activityType);
  if (!type) {
    const known = [...types.keys()].join(', ');
    refuse('activityType', activityType ? 'is not a known type' : 'is missing', `one of ${known}`);
  }
  if (direction !== undefined) {
    if (direction !== 'INBOUND' && direction !== 'OUTBOUND')
      refuse('direction', 'is not a direction', 'INBOUND or OUTBOUND');
    else if (type && !type.directed) refuse('direction', `makes no sense for ${activityType}`, 'no direction');
  }
  if (outcomeCode !== undefined && type && !type.outcomes.has(outcomeCode)) {
    const known = [...type.outcomes.keys()].join(', ');
    refuse('outcomeCode', `is not an outcome of ${activityType}`, known ? `one of ${known}` : 'no outcome');
  }
}

function checkText(path: string, text: string | undefined, longest: number, refuse: Refuse): void {
  if (text === undefined) return;
  if (text === '') refuse(path, 'is empty', 'a text, or nothing at all');
  else if ([...text].length > longest) refuse(path, 'is too long', `at most ${longest} characters`);
  else if (text.includes(NUL) || !isWellFormed(text))
    refuse(path, 'has characters that no text may have', 'Unicode text without NUL');
}

/** No half of a surrogate pair alone: UTF-8 cannot say it. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function isInstant(text: string): boolean {
  const time = new Date(text).getTime();
  return time >= EARLIEST && time < LATEST;
}

import { DomainError, type Violation } from '@tom/kernel';
import { DateTime } from 'luxon';

/** Days of the business time zone, first and last included: from `begins` on, before `ends`. */
export interface ReportSpan {
  readonly from: string;
  readonly to: string;
  readonly begins: Date;
  readonly ends: Date;
  /** Each with its first instant and the first one after it. */
  readonly days: readonly { readonly date: string; readonly begins: Date; readonly ends: Date }[];
}

const USUAL_DAYS = 30;
const MOST_DAYS = 400;
const EXPECTED = 'a day as YYYY-MM-DD';

/**
 * The days that a report is about: by default 30, the last of them today. Throws INVALID with everything that is wrong;
 * at most 400 days, so that what a report costs is bounded.
 */
export function reportSpan(timeZone: string, asked: { readonly from?: string | undefined; readonly to?: string | undefined }, now: Date): ReportSpan {
  const violations: Violation[] = [];
  const read = (path: string, text: string | undefined): DateTime | undefined => {
    if (text === undefined) return undefined;
    const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? DateTime.fromISO(text, { zone: timeZone }) : undefined;
    if (day?.isValid && day.year >= 1900 && day.year < 2200) return day.startOf('day');
    violations.push({ path, message: 'is not a day', expected: EXPECTED });
    return undefined;
  };
  const [given, until] = [read('from', asked.from), read('to', asked.to)];
  const today = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day');
  const last = until ?? (given && given > today ? given : today);
  const first = given ?? last.minus({ days: USUAL_DAYS - 1 });
  const length = Math.round(last.diff(first, 'days').days) + 1;
  if (violations.length === 0 && length < 1) violations.push({ path: 'to', message: 'lies before from', expected: `a day from ${first.toISODate()} on` });
  if (violations.length === 0 && length > MOST_DAYS) {
    violations.push({ path: 'from', message: `is ${length} days before to`, expected: `at most ${MOST_DAYS} days` });
  }
  if (violations.length > 0) throw DomainError.invalid(violations);
  const days = Array.from({ length }, (_, index) => {
    const day = first.plus({ days: index });
    return { date: dateOf(day), begins: day.startOf('day').toJSDate(), ends: day.plus({ days: 1 }).startOf('day').toJSDate() };
  });
  const ends = last.plus({ days: 1 }).startOf('day').toJSDate();
  return { from: dateOf(first), to: dateOf(last), begins: first.toJSDate(), ends, days };
}

function dateOf(day: DateTime): string {
  return day.toFormat('yyyy-MM-dd');
}

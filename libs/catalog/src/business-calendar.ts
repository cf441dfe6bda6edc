import type { BusinessHours } from './catalog.ts';

export type Bucket = 'overdue' | 'today' | 'week' | 'later';

/** Working days and days in the business time zone; safe across changes of the clock. */
export interface BusinessCalendar {
  /** The end of the n-th working day after the day of `from` (0: of that day itself, or of the next working day). */
  dueInWorkingDays(from: Date, days: number): Date;
  startOfDay(at: Date): Date;
  /** The first instant of the next day. */
  endOfDay(at: Date): Date;
  /** The first instant of next Monday: weeks end on Sunday. */
  endOfWeek(at: Date): Date;
  /** Overdue: the instant has passed; without a due date: later. */
  bucketOf(dueAt: Date | null | undefined, now: Date): Bucket;
}

export function businessCalendar(business: BusinessHours): BusinessCalendar {
  throw new Error(business.timeZone);
}

import { DateTime } from 'luxon';
import { holidayCheck, type Holidays } from './holidays.ts';

/** Hours as `HH:mm` in the time zone; working days from 1 (Monday) to 7. */
export interface BusinessHours {
  readonly timeZone: string;
  readonly startOfDay: string;
  readonly endOfDay: string;
  readonly workingDays: readonly number[];
  /** Absent: no day is a holiday. */
  readonly holidays?: Holidays;
}

export type Bucket = 'overdue' | 'today' | 'week' | 'later';

/** Working days and days in the business time zone; safe across changes of the clock. */
export interface BusinessCalendar {
  /**
   * The end of the n-th working day after the day of `from`; 0: the end of its own day, or of the next working day when
   * it is none. It may have passed already.
   */
  dueInWorkingDays(from: Date, days: number): Date;
  /** The first instant of the day. */
  startOfDay(at: Date): Date;
  /** The first instant of the next day. */
  endOfDay(at: Date): Date;
  /** The first instant of next Monday: weeks end on Sunday. */
  endOfWeek(at: Date): Date;
  /** Overdue: the instant has passed; week: the rest of it after today; without a due date: later. */
  bucketOf(dueAt: Date | null | undefined, now: Date): Bucket;
}

/** The calendar of the given hours and holidays. */
export function businessCalendar(business: BusinessHours): BusinessCalendar {
  const [hour = 0, minute = 0] = business.endOfDay.split(':').map(Number);
  const workingDays = new Set(business.workingDays);
  if (workingDays.size === 0) throw new Error('There are no working days.');
  const isHoliday = business.holidays ? holidayCheck(business.holidays) : () => false;

  const local = (at: Date): DateTime => {
    const time = DateTime.fromJSDate(at, { zone: business.timeZone });
    if (!time.isValid) throw new Error(`Cannot place ${String(at)} in ${business.timeZone}.`);
    return time;
  };
  const isWorkingDay = (date: Date): boolean => {
    const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
    return workingDays.has(weekday) && !isHoliday(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  };
  /** The n-th working day after a day; 0 finds the day itself or the next one. A date is its midnight in UTC. */
  const workingDayAfter = (day: Date, workingDaysAhead: number): Date => {
    const date = new Date(day);
    let left = workingDaysAhead === 0 && !isWorkingDay(date) ? 1 : workingDaysAhead;
    while (left > 0) {
      date.setUTCDate(date.getUTCDate() + 1);
      if (isWorkingDay(date)) left -= 1;
    }
    return date;
  };
  const endOfDay = (at: Date): Date => local(at).startOf('day').plus({ days: 1 }).startOf('day').toJSDate();
  const endOfWeek = (at: Date): Date => local(at).startOf('week').plus({ weeks: 1 }).startOf('day').toJSDate();

  return {
    dueInWorkingDays: (from, days) => {
      if (!Number.isSafeInteger(days) || days < 0) throw new Error(`${days} is no number of working days.`);
      const { year, month, day } = local(from);
      // Whole days are added to the date, never hours to the instant: a day may have 23 or 25 of them. Counted by hand,
      // since six tasks of a case with one luxon step a day took 1 ms.
      const due = workingDayAfter(new Date(Date.UTC(year, month - 1, day)), days);
      return DateTime.fromObject(
        { year: due.getUTCFullYear(), month: due.getUTCMonth() + 1, day: due.getUTCDate(), hour, minute },
        { zone: business.timeZone },
      ).toJSDate();
    },
    startOfDay: (at) => local(at).startOf('day').toJSDate(),
    endOfDay,
    endOfWeek,
    bucketOf: (dueAt, now) => {
      if (!dueAt) return 'later';
      if (dueAt.getTime() <= now.getTime()) return 'overdue';
      if (dueAt.getTime() < endOfDay(now).getTime()) return 'today';
      return dueAt.getTime() < endOfWeek(now).getTime() ? 'week' : 'later';
    },
  };
}

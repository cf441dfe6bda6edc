import type { Meta } from '../api/index.ts';
import { instantOf, partsOf } from '../i18n/index.ts';

/** When one works, as far as a form needs to know it. */
export interface WorkingHours {
  /** Minutes since midnight. */
  readonly start: number;
  readonly end: number;
  /** 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
  /** Holidays, as in 2026-12-25. */
  readonly free: ReadonlySet<string>;
}

/** When one calls somebody back if only the day is said: not in the first hour. */
const USUAL = 9 * 60;

export function workingHoursOf({ startOfDay, endOfDay, workingDays, holidayDates }: Meta['business']): WorkingHours {
  return { start: minutesOf(startOfDay), end: minutesOf(endOfDay), days: workingDays, free: new Set(holidayDates.map(({ date }) => date)) };
}

function minutesOf(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return hour * 60 + minute;
}

export function usualStart({ start, end }: WorkingHours): number {
  return USUAL >= start && USUAL < end ? USUAL : start;
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
}

/** Whether one works on a day; its number may run over its month. */
function isWorkingDay(year: number, month: number, day: number, { days, free }: WorkingHours): boolean {
  return days.includes(weekdayOf(year, month, day)) && !free.has(new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10));
}

export function isWorkingTime(at: Date, hours: WorkingHours): boolean {
  const [year, month, day, hour, minute] = partsOf(at);
  const clock = hour * 60 + minute;
  return isWorkingDay(year, month, day, hours) && clock >= hours.start && clock <= hours.end;
}

/** The usual time of the n-th working day after now; 0 is the next one that is not over. */
export function inWorkingDays(now: Date, count: number, hours: WorkingHours): Date {
  const [year, month, day] = partsOf(now);
  let left = count;
  let ahead = 0;
  while (left > 0) {
    ahead += 1;
    if (hours.days.length === 0 || isWorkingDay(year, month, day + ahead, hours)) left -= 1;
  }
  return instantOf(year, month, day + ahead, 0, usualStart(hours));
}

import type { Meta } from '../api/index.ts';
import { instantOf, partsOf } from '../i18n/index.ts';

/** When one works, as far as a form needs to know it. */
export interface WorkingHours {
  /** Minutes since midnight. */
  readonly start: number;
  readonly end: number;
  /** 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
}

/** When one calls somebody back if only the day is said: not in the first hour. */
const USUAL = 9 * 60;

export function workingHoursOf({ startOfDay, endOfDay, workingDays }: Meta['business']): WorkingHours {
  return { start: minutesOf(startOfDay), end: minutesOf(endOfDay), days: workingDays };
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

export function isWorkingTime(at: Date, { start, end, days }: WorkingHours): boolean {
  const [year, month, day, hour, minute] = partsOf(at);
  const clock = hour * 60 + minute;
  return days.includes(weekdayOf(year, month, day)) && clock >= start && clock <= end;
}

/** The usual time of the n-th working day after now; 0 is the next one that is not over. */
export function inWorkingDays(now: Date, count: number, hours: WorkingHours): Date {
  const [year, month, day] = partsOf(now);
  let left = count;
  let ahead = 0;
  while (left > 0) {
    ahead += 1;
    if (hours.days.length === 0 || hours.days.includes(weekdayOf(year, month, day + ahead))) left -= 1;
  }
  return instantOf(year, month, day + ahead, 0, usualStart(hours));
}

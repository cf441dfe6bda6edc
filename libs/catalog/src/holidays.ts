import type { Text } from '@tom/kernel';
import { getHolidays } from 'feiertagejs';

/** The states of Germany by their usual letters. */
export const germanStates = [
  'BW',
  'BY',
  'BE',
  'BB',
  'HB',
  'HE',
  'HH',
  'MV',
  'NI',
  'NW',
  'RP',
  'SL',
  'SN',
  'ST',
  'SH',
  'TH',
] as const;

/** Whose public holidays are no working days: those of the whole country, or of one state of it. */
export interface Holidays {
  readonly country: 'DE';
  readonly state?: (typeof germanStates)[number];
}

/** Answers whether a day of the calendar (months from 1) is a public holiday; each year is worked out once. */
export function holidayCheck({ state }: Holidays): (year: number, month: number, day: number) => boolean {
  const years = new Map<number, ReadonlySet<number>>();
  return (year, month, day) => {
    let days = years.get(year);
    if (!days) {
      // Its `dateString` is the day in Germany, whatever the time zone of this process.
      const dates = getHolidays(year, state ?? 'BUND').map(({ dateString }) => dateString.split('-').map(Number));
      days = new Set(dates.map(([, inMonth = 0, onDay = 0]) => dayNumber(inMonth, onDay)));
      years.set(year, days);
    }
    return days.has(dayNumber(month, day));
  };
}

/** The holidays of a year in their order, as days of the calendar. */
export function holidaysOf({ state }: Holidays, year: number): readonly { readonly date: string; readonly label: Text }[] {
  return getHolidays(year, state ?? 'BUND').map((holiday) => ({
    date: holiday.dateString,
    label: { de: holiday.translate('de') ?? holiday.name, en: holiday.translate('en') ?? holiday.name },
  }));
}

function dayNumber(month: number, day: number): number {
  return month * 100 + day;
}

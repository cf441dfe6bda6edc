import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, partsOf } from '../i18n/index.ts';
import { readFollowUp } from './follow-up-text.ts';
import { inWorkingDays, workingHoursOf } from './working-hours.ts';

const hours = workingHoursOf({ timeZone: 'Europe/Berlin', startOfDay: '08:00', endOfDay: '18:00', workingDays: [1, 2, 3, 4, 5], holidayDates: [] });

/** A Tuesday. */
const now = instantOf(2026, 11, 24, 10, 42);
const two = (value: number) => String(value).padStart(2, '0');
const wall = (at: Date) => {
  const [year, month, day, hour, minute] = partsOf(at);
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
};
function read(text: string, from = now): string | undefined {
  const found = readFollowUp(text, from, hours);
  return found && (found.kind === 'unknown' ? 'unknown' : `${found.kind === 'past' ? 'past ' : ''}${wall(found.at)}`);
}

describe('a follow-up in words', () => {
  it.each([
    ['1h', '2026-11-24 11:42'],
    ['+1h', '2026-11-24 11:42'],
    ['+ 2 std', '2026-11-24 12:42'],
    ['1 Std.', '2026-11-24 11:42'],
    ['in 2 stunden', '2026-11-24 12:42'],
    ['in einer Stunde', '2026-11-24 11:42'],
    ['in an hour', '2026-11-24 11:42'],
    ['1,5 h', '2026-11-24 12:12'],
    ['1.5h', '2026-11-24 12:12'],
    ['1h30', '2026-11-24 12:12'],
    ['1h 30min', '2026-11-24 12:12'],
    ['90 min', '2026-11-24 12:12'],
    ['30m', '2026-11-24 11:12'],
    ['in 45 minuten', '2026-11-24 11:27'],
    ['in 45 minutes', '2026-11-24 11:27'],
    ['in einer halben Stunde', '2026-11-24 11:12'],
    ['half an hour', '2026-11-24 11:12'],
  ])('from now: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['in 3 tagen', '2026-11-27 09:00'],
    ['in 3 days', '2026-11-27 09:00'],
    ['3t', '2026-11-27 09:00'],
    ['3d', '2026-11-27 09:00'],
    ['in 3 Tagen 14:30', '2026-11-27 14:30'],
    ['in 3 tagen um 14 uhr', '2026-11-27 14:00'],
    ['in einer Woche', '2026-12-01 09:00'],
    ['in a week', '2026-12-01 09:00'],
    ['2w', '2026-12-08 09:00'],
    ['in zwei Wochen 10', '2026-12-08 10:00'],
    ['in einem Monat', '2026-12-24 09:00'],
    ['in 3 months', '2027-02-24 09:00'],
    ['in 4 werktagen', '2026-11-30 09:00'],
    ['in 4 working days', '2026-11-30 09:00'],
  ])('in days: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('a month from the 31st is the last day of a shorter one', () => {
    expect(read('in einem Monat', instantOf(2027, 1, 31, 10, 0))).toBe('2027-02-28 09:00');
  });

  it.each([
    ['heute 15', '2026-11-24 15:00'],
    ['heute', '2026-11-24 11:45'],
    ['heute nachmittag', '2026-11-24 14:00'],
    ['morgen', '2026-11-25 09:00'],
    ['morgen 9', '2026-11-25 09:00'],
    ['Morgen um 9 Uhr', '2026-11-25 09:00'],
    ['morgen 9 uhr 30', '2026-11-25 09:30'],
    ['morgen früh', '2026-11-25 09:00'],
    ['morgen 9:15', '2026-11-25 09:15'],
    ['morgen 9.15', '2026-11-25 09:15'],
    ['morgen 0915', '2026-11-25 09:15'],
    ['morgen 14h', '2026-11-25 14:00'],
    ['morgen 3', '2026-11-25 15:00'],
    ['morgen 03:00', '2026-11-25 03:00'],
    ['morgen halb drei', '2026-11-25 14:30'],
    ['morgen halb 10', '2026-11-25 09:30'],
    ['tomorrow at 2pm', '2026-11-25 14:00'],
    ['tomorrow 2:30 pm', '2026-11-25 14:30'],
    ['tomorrow 12am', '2026-11-25 00:00'],
    ['tomorrow noon', '2026-11-25 12:00'],
    ['tomorrow in the afternoon', '2026-11-25 14:00'],
    ['übermorgen', '2026-11-26 09:00'],
    ['the day after tomorrow 11', '2026-11-26 11:00'],
  ])('by day: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['do 14:30', '2026-11-26 14:30'],
    ['Do. 14:30', '2026-11-26 14:30'],
    ['donnerstag', '2026-11-26 09:00'],
    ['thu 2pm', '2026-11-26 14:00'],
    ['thursday', '2026-11-26 09:00'],
    ['mo', '2026-11-30 09:00'],
    ['monday 10', '2026-11-30 10:00'],
    ['so 11', '2026-11-29 11:00'],
    ['mi 8', '2026-11-25 08:00'],
    ['fr', '2026-11-27 09:00'],
    ['di 14', '2026-11-24 14:00'],
    ['di 9', '2026-12-01 09:00'],
    ['dienstag', '2026-12-01 09:00'],
    ['nächsten dienstag', '2026-12-01 09:00'],
    ['next thursday 10', '2026-11-26 10:00'],
    ['nächste woche', '2026-11-30 09:00'],
    ['next week 10:30', '2026-11-30 10:30'],
    ['nächsten Monat', '2026-12-01 09:00'],
  ])('by weekday: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['27.11. 10:00', '2026-11-27 10:00'],
    ['27.11', '2026-11-27 09:00'],
    ['am 27.11. um 10', '2026-11-27 10:00'],
    ['fr 27.11. 10:00', '2026-11-27 10:00'],
    ['Fr, 27.11.2026, 9:00', '2026-11-27 09:00'],
    ['1.2.', '2027-02-01 09:00'],
    ['24.11. 9:00', '2027-11-24 09:00'],
    ['27.11.26', '2026-11-27 09:00'],
    ['27.11.2027 8', '2027-11-27 08:00'],
    ['27/11', '2026-11-27 09:00'],
    ['2026-11-27', '2026-11-27 09:00'],
    ['2026-11-27 16:45', '2026-11-27 16:45'],
    ['27. November', '2026-11-27 09:00'],
    ['27 nov 10:00', '2026-11-27 10:00'],
    ['27 Nov 2027', '2027-11-27 09:00'],
    ['November 27', '2026-11-27 09:00'],
    ['27th of november', '2026-11-27 09:00'],
    ['3. März', '2027-03-03 09:00'],
    ['dec 1st', '2026-12-01 09:00'],
  ])('by date: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['14:30', '2026-11-24 14:30'],
    ['16', '2026-11-24 16:00'],
    ['9', '2026-11-25 09:00'],
    ['9:00', '2026-11-25 09:00'],
    ['3', '2026-11-24 15:00'],
    ['4pm', '2026-11-24 16:00'],
  ])('by the clock alone it is the next one: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each(['', '   ', ','])('is none when nothing is typed (%j)', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each(['bald', 'irgendwann', '31.2.', '32.11.', '27.13.', '2027-02-29', 'morgen 25', 'morgen 9:75', '99', 'morgen morgen', 'in tagen', 'in 1,5 tagen', 'do irgendwann', '1h2h3h', 'in 2 stunden 9:00', '13pm'])('is not guessed: %s', (text) => {
    expect(read(text)).toBe('unknown');
  });

  it('that is over is said to be so', () => {
    expect(read('heute 9')).toBe('past 2026-11-24 09:00');
    expect(read('2026-11-20 10:00')).toBe('past 2026-11-20 10:00');
    expect(read('27.11.2025')).toBe('past 2025-11-27 09:00');
  });

  it('says when it lies outside of working hours', () => {
    const outside = (text: string) => {
      const found = readFollowUp(text, now, hours);
      return found?.kind === 'at' && found.outside;
    };
    expect(['morgen 9', 'fr 18:00', 'in 3 tagen'].map(outside)).toEqual([false, false, false]);
    expect(['sa 10', 'morgen 20:00', 'morgen 07:59'].map(outside)).toEqual([true, true, true]);
  });

  it('keeps the wall clock across the change of summer time', () => {
    expect(read('in 3 tagen', instantOf(2027, 3, 26, 10, 0))).toBe('2027-03-29 09:00');
    expect(read('mo 9', instantOf(2026, 10, 23, 10, 0))).toBe('2026-10-26 09:00');
  });

  it('never throws and never lies in the past without saying so, whatever is typed', () => {
    const word = fc.constantFrom('morgen', 'in', '3', 'tagen', 'do', '14:30', '27.11.', 'next', 'week', 'halb', 'drei', '1h', 'am', '2pm', 'nov', '2026', 'ß', '-1', '1e9', '+');
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 30 }), fc.array(word, { maxLength: 6 }).map((words) => words.join(' '))), (text) => {
        const found = readFollowUp(text, now, hours);
        if (found?.kind === 'at') expect(found.at.getTime()).toBeGreaterThan(now.getTime());
      }),
    );
  });
});

describe('the usual follow-up', () => {
  it.each([
    [0, '2026-11-27 09:00'],
    [1, '2026-11-30 09:00'],
    [2, '2026-12-01 09:00'],
    [5, '2026-12-04 09:00'],
    [6, '2026-12-07 09:00'],
  ])('in %d working days from a Friday', (count, expected) => {
    expect(wall(inWorkingDays(instantOf(2026, 11, 27, 12, 0), count, hours))).toBe(expected);
  });
});

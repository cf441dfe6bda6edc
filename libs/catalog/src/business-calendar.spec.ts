import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { businessCalendar, type Holidays } from './index.ts';

const zone = 'Europe/Berlin';
const hours = { timeZone: zone, startOfDay: '08:00', endOfDay: '18:00', workingDays: [1, 2, 3, 4, 5] };
const calendar = businessCalendar(hours);
const berlin = (local: string) => DateTime.fromISO(local, { zone }).toJSDate();
const iso = (at: Date) => at.toISOString();

describe('due in working days', () => {
  it.each([
    ['from a Monday morning, 1', '2026-03-02T09:00', 1, '2026-03-03T18:00'],
    ['from a Monday evening, 1', '2026-03-02T23:30', 1, '2026-03-03T18:00'],
    ['from a Friday, 1', '2026-03-06T12:00', 1, '2026-03-09T18:00'],
    ['from a Friday, 2', '2026-03-06T12:00', 2, '2026-03-10T18:00'],
    ['from a Saturday, 1', '2026-03-07T12:00', 1, '2026-03-09T18:00'],
    ['from a Sunday, 7', '2026-03-08T12:00', 7, '2026-03-17T18:00'],
    ['from a Monday, 21', '2026-03-02T09:00', 21, '2026-03-31T18:00'],
    ['today', '2026-03-02T09:00', 0, '2026-03-02T18:00'],
    ['today, though over', '2026-03-02T19:00', 0, '2026-03-02T18:00'],
    ['today, a Saturday', '2026-03-07T09:00', 0, '2026-03-09T18:00'],
    ['across the start of summer time', '2026-03-27T17:00', 1, '2026-03-30T18:00'],
    ['across its end', '2026-10-23T17:00', 1, '2026-10-26T18:00'],
    ['from the hour that does not exist', '2026-03-29T02:30', 1, '2026-03-30T18:00'],
    ['across New Year', '2026-12-31T10:00', 1, '2027-01-01T18:00'],
  ])('%s', (_, from, days, due) => {
    expect(iso(calendar.dueInWorkingDays(berlin(from), days))).toBe(iso(berlin(due)));
  });

  describe('and holidays', () => {
    const due = (holidays: Holidays, from: string, days: number) =>
      iso(businessCalendar({ ...hours, holidays }).dueInWorkingDays(berlin(from), days));

    it.each([
      ['over Easter, from Maundy Thursday', '2026-04-02T09:00', 1, '2026-04-07T18:00'],
      ['over Easter of another year', '2027-03-25T09:00', 1, '2027-03-30T18:00'],
      ['counted from Good Friday itself', '2026-04-03T09:00', 1, '2026-04-07T18:00'],
      ['today, Good Friday', '2026-04-03T09:00', 0, '2026-04-07T18:00'],
      ['over 3 October, a Friday', '2025-10-02T09:00', 1, '2025-10-06T18:00'],
      ['over 3 October, a Saturday', '2026-10-02T09:00', 1, '2026-10-05T18:00'],
      ['late on the day before, already the holiday in UTC', '2025-10-02T23:59', 1, '2025-10-06T18:00'],
      ['just after midnight of the holiday, still the day before in UTC', '2025-10-03T00:30', 0, '2025-10-06T18:00'],
      ['over Christmas and New Year', '2026-12-23T09:00', 6, '2027-01-04T18:00'],
      ['over May with all that it has', '2026-04-30T09:00', 18, '2026-05-29T18:00'],
    ])('%s', (_, from, days, expected) => {
      expect(due({ country: 'DE' }, from, days)).toBe(iso(berlin(expected)));
    });

    it.each([
      ['Epiphany', 'BY', '2026-01-05T09:00', '2026-01-07T18:00', '2026-01-06T18:00'],
      ['Corpus Christi', 'NW', '2026-06-03T09:00', '2026-06-05T18:00', '2026-06-04T18:00'],
      ['the Day of Repentance', 'SN', '2026-11-17T09:00', '2026-11-19T18:00', '2026-11-18T18:00'],
      ['the Women’s Day', 'BE', '2027-03-05T09:00', '2027-03-09T18:00', '2027-03-08T18:00'],
      ['Reformation Day', 'HH', '2025-10-30T09:00', '2025-11-03T18:00', '2025-10-31T18:00'],
    ] as const)('%s is one in %s only', (_, state, from, there, elsewhere) => {
      expect(due({ country: 'DE', state }, from, 1)).toBe(iso(berlin(there)));
      expect(due({ country: 'DE' }, from, 1)).toBe(iso(berlin(elsewhere)));
      expect(due({ country: 'DE', state: 'HE' }, from, 1)).toBe(iso(berlin(state === 'NW' ? there : elsewhere)));
    });

    it('count for due dates only: a holiday is still today', () => {
      const { bucketOf } = businessCalendar({ ...hours, holidays: { country: 'DE' } });
      expect(bucketOf(berlin('2026-04-03T18:00'), berlin('2026-04-03T09:00'))).toBe('today');
    });
  });

  it('is 17:00 UTC in winter and 16:00 UTC in summer', () => {
    expect(iso(calendar.dueInWorkingDays(new Date('2026-03-27T12:00:00Z'), 0))).toBe('2026-03-27T17:00:00.000Z');
    expect(iso(calendar.dueInWorkingDays(new Date('2026-03-27T12:00:00Z'), 1))).toBe('2026-03-30T16:00:00.000Z');
  });

  it('takes the date of the business time zone, not of UTC', () => {
    // Already Tuesday in Berlin.
    expect(iso(calendar.dueInWorkingDays(new Date('2026-03-02T23:30:00Z'), 1))).toBe('2026-03-04T17:00:00.000Z');
  });

  it.each([-1, 1.5, Number.NaN])('refuses %d days', (days) => {
    expect(() => calendar.dueInWorkingDays(new Date(), days)).toThrow('no number of working days');
  });

  it('refuses an instant that is none', () => {
    expect(() => calendar.dueInWorkingDays(new Date(Number.NaN), 1)).toThrow('Cannot place');
  });

  const anyInstant = fc.date({ min: new Date('2000-01-01'), max: new Date('2050-01-01'), noInvalidDate: true });

  it('always ends at 18:00 on a working day, with exactly n working days in between', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 1, max: 60 }), (from, days) => {
        const due = DateTime.fromJSDate(calendar.dueInWorkingDays(from, days), { zone });
        expect([due.hour, due.minute, due.second, due.millisecond]).toEqual([18, 0, 0, 0]);
        expect(due.weekday).toBeLessThanOrEqual(5);
        let count = 0;
        for (let day = DateTime.fromJSDate(from, { zone }).startOf('day'); day < due.startOf('day');) {
          day = day.plus({ days: 1 });
          if (day.weekday <= 5) count += 1;
        }
        expect(count).toBe(days);
      }),
    );
  });

  it('never makes a later start due earlier', () => {
    fc.assert(
      fc.property(
        anyInstant,
        fc.integer({ min: 0, max: 72 * 3_600_000 }),
        fc.integer({ min: 0, max: 30 }),
        (from, later, days) => {
          const first = calendar.dueInWorkingDays(from, days).getTime();
          expect(calendar.dueInWorkingDays(new Date(from.getTime() + later), days).getTime()).toBeGreaterThanOrEqual(
            first,
          );
        },
      ),
    );
  });
});

describe('days and weeks', () => {
  it.each([
    ['a usual day', '2026-03-04T12:00', '2026-03-04T00:00', '2026-03-05T00:00', '2026-03-09T00:00'],
    ['the short day', '2026-03-29T12:00', '2026-03-29T00:00', '2026-03-30T00:00', '2026-03-30T00:00'],
    ['the long day', '2026-10-25T12:00', '2026-10-25T00:00', '2026-10-26T00:00', '2026-10-26T00:00'],
    ['its first instant', '2026-03-02T00:00', '2026-03-02T00:00', '2026-03-03T00:00', '2026-03-09T00:00'],
    ['the last day of a week', '2026-03-08T23:59:59.999', '2026-03-08T00:00', '2026-03-09T00:00', '2026-03-09T00:00'],
  ])('%s', (_, at, start, end, week) => {
    expect(iso(calendar.startOfDay(berlin(at)))).toBe(iso(berlin(start)));
    expect(iso(calendar.endOfDay(berlin(at)))).toBe(iso(berlin(end)));
    expect(iso(calendar.endOfWeek(berlin(at)))).toBe(iso(berlin(week)));
  });

  it('has days of 23 and 25 hours', () => {
    const hours = (at: Date) => (calendar.endOfDay(at).getTime() - calendar.startOfDay(at).getTime()) / 3_600_000;
    expect(hours(berlin('2026-03-29T12:00'))).toBe(23);
    expect(hours(berlin('2026-10-25T12:00'))).toBe(25);
  });
});

describe('the bucket of a due date', () => {
  const now = berlin('2026-03-04T12:00'); // a Wednesday

  it.each([
    ['2026-03-04T11:59:59.999', 'overdue'],
    ['2026-03-04T12:00', 'overdue'],
    ['2026-03-04T12:00:00.001', 'today'],
    ['2026-03-04T23:59:59.999', 'today'],
    ['2026-03-05T00:00', 'week'],
    ['2026-03-08T23:59:59.999', 'week'],
    ['2026-03-09T00:00', 'later'],
  ])('%s is %s', (due, bucket) => {
    expect(calendar.bucketOf(berlin(due), now)).toBe(bucket);
  });

  it('is later without a due date', () => {
    expect(calendar.bucketOf(null, now)).toBe('later');
    expect(calendar.bucketOf(undefined, now)).toBe('later');
  });

  it('has no rest of the week on a Sunday', () => {
    expect(calendar.bucketOf(berlin('2026-03-09T00:00'), berlin('2026-03-08T12:00'))).toBe('later');
  });
});

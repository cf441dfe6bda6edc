import { describe, expect, it } from 'vitest';
import { dayNumber, instantOf, partsOf } from './format.ts';

describe('wall clocks in the business time zone', () => {
  it('become instants in winter and in summer', () => {
    expect(instantOf(2026, 11, 27, 9, 0).toISOString()).toBe('2026-11-27T08:00:00.000Z');
    expect(instantOf(2026, 7, 1, 9, 0).toISOString()).toBe('2026-07-01T07:00:00.000Z');
  });

  it('run over into the next month and year', () => {
    expect(instantOf(2026, 12, 32, 9, 0).toISOString()).toBe('2027-01-01T08:00:00.000Z');
  });

  it('are right on the days on which clocks change', () => {
    expect(instantOf(2026, 3, 29, 9, 0).toISOString()).toBe('2026-03-29T07:00:00.000Z');
    expect(instantOf(2026, 10, 25, 9, 0).toISOString()).toBe('2026-10-25T08:00:00.000Z');
  });

  it('and back again', () => {
    for (let hour = 0; hour < 24 * 370; hour += 7) {
      const at = new Date(Date.UTC(2026, 0, 1, hour));
      const [year, month, day, hours, minutes] = partsOf(at);
      // One hour a year has two instants; the later one is as good.
      expect([at.getTime(), at.getTime() + 3_600_000, at.getTime() - 3_600_000]).toContain(instantOf(year, month, day, hours, minutes).getTime());
    }
  });

  it('have the days of the place, not of the browser', () => {
    expect(dayNumber(new Date('2026-11-26T23:30:00.000Z')) - dayNumber(new Date('2026-11-26T12:00:00.000Z'))).toBe(1);
  });
});

import { isDomainError } from '@tom/kernel';
import { describe, expect, it } from 'vitest';
import { reportSpan } from './report-span.ts';

const ZONE = 'Europe/Berlin';
const NOW = new Date('2026-03-30T21:30:00.000Z');

function violationsOf(asked: Parameters<typeof reportSpan>[1]): unknown {
  try {
    reportSpan(ZONE, asked, NOW);
  } catch (error) {
    if (isDomainError(error)) return error.details['violations'];
    throw error;
  }
  return undefined;
}

describe('the days of a report', () => {
  it('are the last 30 of the business time zone when none are named', () => {
    const span = reportSpan(ZONE, {}, NOW);
    expect(span).toMatchObject({ from: '2026-03-01', to: '2026-03-30' });
    expect(span.days).toHaveLength(30);
  });

  it('begin and end at midnight there, also when the clock changes between', () => {
    const span = reportSpan(ZONE, { from: '2026-03-28', to: '2026-03-29' }, NOW);
    expect(span.begins.toISOString()).toBe('2026-03-27T23:00:00.000Z');
    expect(span.ends.toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect(span.days.map(({ date, ends, begins }) => [date, (ends.getTime() - begins.getTime()) / 3_600_000])).toEqual([
      ['2026-03-28', 24],
      ['2026-03-29', 23],
    ]);
  });

  it('end 30 days after nothing but an end is named, and begin in the future when asked to', () => {
    expect(reportSpan(ZONE, { to: '2026-01-30' }, NOW)).toMatchObject({ from: '2026-01-01', to: '2026-01-30' });
    expect(reportSpan(ZONE, { from: '2026-05-02' }, NOW)).toMatchObject({ from: '2026-05-02', to: '2026-05-02' });
  });

  it('are refused with everything that is wrong', () => {
    expect(violationsOf({ from: '2026-02-30', to: 'today' })).toMatchObject([{ path: 'from' }, { path: 'to' }]);
    expect(violationsOf({ from: '2026-03-02', to: '2026-03-01' })).toMatchObject([{ path: 'to', message: 'lies before from' }]);
    expect(violationsOf({ from: '2024-03-02', to: '2026-03-01' })).toMatchObject([{ path: 'from', expected: 'at most 400 days' }]);
  });
});

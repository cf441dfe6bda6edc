import type { Delay } from './template.ts';

const MILLISECONDS = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000 } as const;

/** When a rule that waits since `from` acts; working days end at the end of business, all else is plain time. */
export function delayed(
  from: Date,
  { unit, amount }: Delay,
  calendar: { dueInWorkingDays(from: Date, days: number): Date },
): Date {
  if (unit === 'working_days') return calendar.dueInWorkingDays(from, amount);
  return new Date(from.getTime() + amount * MILLISECONDS[unit]);
}

import { instantOf, partsOf } from '../i18n/index.ts';
import type { Outcome } from './entry.ts';
import { inWorkingDays, usualStart, type WorkingHours } from './working-hours.ts';

export interface FollowUpChoice {
  readonly kind: 'usual' | 'inAnHour' | 'tomorrow' | 'inAWeek';
  readonly at: Date;
}

/** When one usually tries again after an outcome. */
export type Usual = NonNullable<Outcome['usualFollowUp']>;

/** The times that are usually meant; the outcome's own comes first, and none twice. */
export function followUpChoices(now: Date, hours: WorkingHours, usual: Usual | undefined): readonly FollowUpChoice[] {
  const [year, month, day, hour, minute] = partsOf(now);
  const morning = usualStart(hours);
  const inHours = (count: number) => instantOf(year, month, day, hour + count, Math.ceil(minute / 5) * 5);
  const offered: readonly FollowUpChoice[] = [
    ...(usual ? [{ kind: 'usual' as const, at: 'hours' in usual ? inHours(usual.hours) : inWorkingDays(now, usual.workingDays, hours) }] : []),
    { kind: 'inAnHour', at: inHours(1) },
    { kind: 'tomorrow', at: inWorkingDays(now, 1, hours) },
    { kind: 'inAWeek', at: instantOf(year, month, day + 7, 0, morning) },
  ];
  return offered.filter(({ at }, index) => offered.findIndex((each) => each.at.getTime() === at.getTime()) === index);
}

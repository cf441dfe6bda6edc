import { instantOf, partsOf } from '../i18n/index.ts';
import { inWorkingDays, usualStart, type WorkingHours } from './working-hours.ts';

export interface FollowUpChoice {
  readonly kind: 'usual' | 'inAnHour' | 'tomorrow' | 'inAWeek';
  readonly at: Date;
}

/** The times that are usually meant; the outcome's own comes first, and none twice. */
export function followUpChoices(now: Date, hours: WorkingHours, usualDays: number | undefined): readonly FollowUpChoice[] {
  const [year, month, day, hour, minute] = partsOf(now);
  const morning = usualStart(hours);
  const offered: readonly FollowUpChoice[] = [
    ...(usualDays === undefined ? [] : [{ kind: 'usual' as const, at: inWorkingDays(now, usualDays, hours) }]),
    { kind: 'inAnHour', at: instantOf(year, month, day, hour + 1, Math.ceil(minute / 5) * 5) },
    { kind: 'tomorrow', at: inWorkingDays(now, 1, hours) },
    { kind: 'inAWeek', at: instantOf(year, month, day + 7, 0, morning) },
  ];
  return offered.filter(({ at }, index) => offered.findIndex((each) => each.at.getTime() === at.getTime()) === index);
}

/** The usual follow-up of an outcome, where it is said in working days. */
export function usualDaysOf(usual: { readonly workingDays: number } | { readonly hours: number } | undefined): number | undefined {
  return usual && 'workingDays' in usual ? usual.workingDays : undefined;
}

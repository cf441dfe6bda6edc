import { IANAZone } from 'luxon';
import { businessCalendar } from './business-calendar.ts';
import type { Business } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import { fields, listOf } from './file-schema.ts';
import { germanStates, type Holidays } from './holidays.ts';
import type { YamlFile } from './read-yaml.ts';

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

export interface BusinessFile {
  readonly time_zone: string;
  readonly start_of_day: string;
  readonly end_of_day: string;
  readonly working_days: readonly (typeof weekdays)[number][];
  readonly holidays?: Holidays;
}

const timeOfDay = { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: "a time such as '18:00'" };

export const businessSchema = fields(
  {
    time_zone: { type: 'string', description: 'a time zone such as Europe/Berlin' },
    start_of_day: timeOfDay,
    end_of_day: timeOfDay,
    working_days: { ...listOf({ enum: weekdays }), minItems: 1 },
    holidays: fields({ country: { enum: ['DE'] }, state: { enum: germanStates } }, ['country']),
  },
  ['time_zone', 'start_of_day', 'end_of_day', 'working_days'],
);

export function checkBusiness(yaml: YamlFile<BusinessFile>): readonly Problem[] {
  const { time_zone: zone, start_of_day: start, end_of_day: end } = yaml.value;
  return [
    ...(IANAZone.isValidZone(zone)
      ? []
      : [yaml.problem(['time_zone'], `There is no time zone ${zone}.`, 'a time zone such as Europe/Berlin')]),
    ...(start < end ? [] : [yaml.problem(['end_of_day'], 'The day ends before it begins.', `a time after ${start}`)]),
  ];
}

export function buildBusiness(file: BusinessFile): Business {
  const hours = {
    timeZone: file.time_zone,
    startOfDay: file.start_of_day,
    endOfDay: file.end_of_day,
    workingDays: file.working_days.map((day) => weekdays.indexOf(day) + 1).sort(),
    ...(file.holidays && { holidays: file.holidays }),
  };
  return { ...hours, calendar: businessCalendar(hours) };
}

import type { ReportSpan } from '@tom/catalog';
import { sql, type Database } from '@tom/postgres';

/** How many activities alike there were on a day; `day` is its place in the span. */
export interface DayCountRow {
  readonly day: number;
  readonly activityType: string;
  readonly outcomeCode: string | null;
  readonly count: number;
}

// The day by halving the list of midnights: one division by the time zone for each row took ten times as long.
export const countByDay = sql(
  'report.by_day',
  `select width_bucket(occurred_at, $3::timestamptz[]) - 1 as day, activity_type as "activityType",
     outcome_code as "outcomeCode", count(*)::int as count
   from activity where not deleted and occurred_at >= $1 and occurred_at < $2 group by 1, 2, 3`,
);

export function countsByDay(database: Database, { begins, ends, days }: ReportSpan): Promise<DayCountRow[]> {
  return database.query<DayCountRow>(countByDay, [begins, ends, days.map((day) => day.begins)]);
}

/** How many activities of a type and outcome a person logged. */
export interface PersonCountRow {
  readonly person: string;
  readonly activityType: string;
  readonly outcomeCode: string | null;
  readonly count: number;
}

export const countByPerson = sql(
  'report.by_person',
  `select created_by as person, activity_type as "activityType", outcome_code as "outcomeCode", count(*)::int as count
   from activity where not deleted and occurred_at >= $1 and occurred_at < $2 group by 1, 2, 3`,
);

export function countsByPerson(database: Database, { begins, ends }: ReportSpan): Promise<PersonCountRow[]> {
  return database.query<PersonCountRow>(countByPerson, [begins, ends]);
}

import type { JourneyCount } from '../domain/journey.ts';
import { sql } from '@tom/postgres';
import type { Reader } from './reader.ts';

interface Span {
  readonly begins: Date;
  readonly ends: Date;
}

/** By what companies are told apart, and the column that says it. */
const groupings = { industry: 'industry', owner: 'account_owner', city: 'city', orgKind: 'org_kind' } as const;
export type Grouping = keyof typeof groupings;
export const groupingNames = Object.keys(groupings) as readonly Grouping[];

type Grouped<T> = T & { readonly group: string | null };

// Companies that went the same way are one row of the answer, so it stays small; read from the index alone, 100,000
// journeys in some 40 ms.
export const countJourneys = sql(
  'report.journeys',
  `select visited, current_stage as "currentStage", count(*)::int as companies
   from org_journey where begun_at >= $1 and begun_at < $2 group by visited, current_stage`,
);
const countJourneysBy = Object.fromEntries(
  groupingNames.map((by) => [
    by,
    sql(
      `report.journeys_by_${by}`,
      `select o.${groupings[by]} as "group", j.visited, j.current_stage as "currentStage", count(*)::int as companies
       from org_journey j join org o on o.org_id = j.org_id
       where j.begun_at >= $1 and j.begun_at < $2 group by 1, 2, 3`,
    ),
  ]),
);

/** Journeys that began in the span; one group without a name unless they are told apart. */
export function journeysIn(reader: Reader, { begins, ends }: Span, by?: Grouping): Promise<Grouped<JourneyCount>[]> {
  const statement = by === undefined ? countJourneys : countJourneysBy[by];
  if (statement === undefined) throw new Error(`Journeys are not counted by ${by}`);
  return reader.query(statement, [begins, ends]);
}

/** How long stays were that ended in a span. */
export interface StayTimes {
  readonly stage: string;
  readonly stays: number;
  readonly median: number;
  readonly p90: number;
}

// One sort for both figures; a stay without a known beginning does not count.
const times = `count(*)::int as stays, (percentile_cont(array[0.5, 0.9]) within group
  (order by extract(epoch from h.at - h.from_since)::float8)) as percentiles`;

export const timeInStage = sql(
  'report.stays',
  `select h.from_stage as stage, ${times} from org_stage_history h
   where h.from_stage = any ($3::text[]) and h.from_since is not null and h.at >= $1 and h.at < $2 group by h.from_stage`,
);
const timeInStageBy = Object.fromEntries(
  groupingNames.map((by) => [
    by,
    sql(
      `report.stays_by_${by}`,
      `select o.${groupings[by]} as "group", h.from_stage as stage, ${times}
       from org_stage_history h join org o on o.org_id = h.org_id
       where h.from_stage = any ($3::text[]) and h.from_since is not null and h.at >= $1 and h.at < $2 group by 1, 2`,
    ),
  ]),
);

/** Stays that ended in the span, of these stages. */
export async function staysEndedIn(reader: Reader, { begins, ends }: Span, stages: readonly string[], by?: Grouping): Promise<Grouped<StayTimes>[]> {
  const statement = by === undefined ? timeInStage : timeInStageBy[by];
  if (statement === undefined) throw new Error(`Stays are not counted by ${by}`);
  type Row = Grouped<{ readonly stage: string; readonly stays: number; readonly percentiles: readonly [number, number] }>;
  const rows = await reader.query<Row>(statement, [begins, ends, stages]);
  return rows.map(({ percentiles: [median, p90], ...row }) => ({ ...row, median, p90 }));
}

/** Who is in a stage now. */
export interface Stay {
  readonly stage: string;
  readonly here: number;
  readonly oldestSince: Date;
  readonly longer: number;
}

export const staysNow = sql(
  'report.stays_now',
  `select s.stage, n.here, n."oldestSince", l.longer
   from unnest($1::text[], $2::timestamptz[]) as s(stage, before)
   cross join lateral (
     select count(*)::int as here, min(stage_since) as "oldestSince" from org o where o.current_stage = s.stage
   ) n
   cross join lateral (
     select count(*)::int as longer from org o where o.current_stage = s.stage and o.stage_since < s.before
   ) l
   where n.here > 0`,
);

/** Who is in these stages, and of each since before an instant (null: nobody is asked for). */
export function staysIn(reader: Reader, stages: readonly { readonly stage: string; readonly before: Date | null }[]): Promise<Stay[]> {
  return reader.query(staysNow, [stages.map(({ stage }) => stage), stages.map(({ before }) => before)]);
}

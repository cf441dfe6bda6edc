import { reportSpan } from '@tom/catalog';
import type { ActivitiesReport, ActivityGroup } from '@tom/contracts/tom/activity/v1/activity_service';
import type { ReportRequest } from '@tom/contracts/tom/types/v1/types';
import { DomainError } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import { countsByDay, countsByPerson } from '../adapters/day-counts.ts';
import { requireReading, type Context } from './context.ts';

const groupings = ['type', 'outcome', 'person'];
const MOST_GROUPS = 100;

interface Count {
  readonly activityType: string;
  readonly outcomeCode: string | null;
  readonly count: number;
}

/** What happened day by day, and how many were reached. */
export async function activitiesReport(context: Context, { by = 'type', ...asked }: ReportRequest, call: CallContext): Promise<ActivitiesReport> {
  const { catalog, clock, database } = context;
  if (!groupings.includes(by)) {
    throw DomainError.invalid([{ path: 'by', message: 'is unknown', expected: `one of ${groupings.join(', ')}` }]);
  }
  const span = reportSpan(catalog.business.timeZone, asked, clock.now());
  requireReading(context, call);
  const reaching = new Set([...(catalog.codes.activityTypes.get('CALL')?.outcomes.values() ?? [])].flatMap(({ code, reached }) => (reached ? [code] : [])));

  const figuresOf = (counts: readonly Count[]) => {
    const calls = counts.filter(({ activityType }) => activityType === 'CALL');
    return { activities: sum(counts), calls: sum(calls), reached: sum(calls.filter(({ outcomeCode }) => reaching.has(outcomeCode ?? ''))) };
  };
  const [counts, persons] = await Promise.all([countsByDay(database, span), by === 'person' ? countsByPerson(database, span) : []]);
  const byDay = grouped(counts, ({ day }) => day);
  const groups: ActivityGroup[] =
    by === 'person'
      ? [...grouped(persons, ({ person }) => person)].map(([key, rows]) => ({ key, total: figuresOf(rows) }))
      : [...grouped(counts, ({ activityType, outcomeCode }) => (by === 'type' ? activityType : `${activityType} ${outcomeCode ?? ''}`)).values()].flatMap((rows) => {
          const [first] = rows;
          if (!first) return [];
          const outcomeCode = by === 'outcome' ? (first.outcomeCode ?? undefined) : undefined;
          return [{ key: first.activityType, outcomeCode, total: figuresOf(rows) }];
        });
  const { from, to, begins, ends } = span;
  return {
    span: { from, to, begins: begins.toISOString(), ends: ends.toISOString() },
    total: figuresOf(counts),
    days: span.days.map(({ date, begins: dayBegins, ends: dayEnds }, index) => {
      const rows = byDay.get(index) ?? [];
      const shown = rows.map(({ activityType, outcomeCode, count }) => ({ activityType, outcomeCode: outcomeCode ?? undefined, count }));
      return { date, begins: dayBegins.toISOString(), ends: dayEnds.toISOString(), total: figuresOf(rows), counts: shown.sort((a, b) => b.count - a.count) };
    }),
    groups: groups.sort((a, b) => (b.total?.activities ?? 0) - (a.total?.activities ?? 0)).slice(0, MOST_GROUPS),
  };
}

function sum(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

function grouped<T, K>(rows: readonly T[], keyOf: (row: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const members = groups.get(keyOf(row));
    if (members) members.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

import { z } from 'zod';
import type { ActivityFigures } from '@tom/contracts/tom/activity/v1/activity_service';
import { ok, route, type Route } from '../edge/route.ts';
import { systemText } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';
import { figure, figureSchema, reportQuery, spanSchema, type Query } from './report-figure.ts';

const figures = z.object({
  activities: figureSchema,
  calls: figureSchema,
  reached: figureSchema,
  /** Of the calls, from 0 to 1; null without any. */
  reachedRate: z.number().nullable(),
});

const count = figureSchema.extend({
  activityType: z.string(),
  outcomeCode: z.string().optional(),
  label: systemText,
  reached: z.boolean(),
});

/** What happened day by day, and how many were reached. The companies behind a figure: where such a thing happened. */
export function activitiesReport({ services: { activity }, catalog }: RouteContext): Route {
  const types = catalog.codes.activityTypes;
  const reaching = [...(types.get('CALL')?.outcomes.values() ?? [])].filter(({ reached }) => reached).map(({ code }) => code);

  function labelOf(type: string, outcome: string | undefined) {
    const known = types.get(type);
    const found = outcome === undefined ? known : known?.outcomes.get(outcome);
    return found?.label ?? { de: outcome ?? type, en: outcome ?? type };
  }

  function show(total: ActivityFigures | undefined, query: Query) {
    const { activities, calls, reached } = total ?? { activities: 0, calls: 0, reached: 0 };
    const { activityType = 'CALL', activityOutcome } = query;
    const outcomes = activityOutcome === undefined ? reaching : reaching.filter((code) => code === activityOutcome);
    const ofCalls = { ...query, activityType: 'CALL' };
    const isCall = activityType === 'CALL';
    return {
      activities: figure(activities, '/orgs', query),
      calls: isCall ? figure(calls, '/orgs', ofCalls) : { count: calls },
      reached: isCall && outcomes.length > 0 ? figure(reached, '/orgs', { ...ofCalls, activityOutcome: outcomes }) : { count: reached },
      reachedRate: calls === 0 ? null : reached / calls,
    };
  }

  function isUnaskable(type: string, outcome: string | undefined): boolean {
    return outcome === undefined && (types.get(type)?.outcomes.size ?? 0) > 0;
  }

  /** An outcome that is missing although the type has some cannot be asked for. */
  function countFigure(type: string, outcome: string | undefined, number: number, span: Query) {
    if (isUnaskable(type, outcome)) return { count: number };
    return figure(number, '/orgs', { ...span, activityType: type, activityOutcome: outcome });
  }

  return route({
    method: 'get',
    path: '/reports/activities',
    tag: 'Reports',
    summary: 'Activities of each day of the span by type and outcome, how many calls reached somebody, and the same by type, outcome or person.',
    query: reportQuery(['type', 'outcome', 'person']),
    answers: {
      200: z.object({
        ...spanSchema,
        total: figures,
        days: z.array(figures.extend({ date: z.string().meta({ format: 'date' }), counts: z.array(count) })),
        groups: z.array(figures.extend({ key: z.string(), outcomeCode: z.string().optional(), label: systemText.optional() })),
      }),
    },
    async handle({ query, call }) {
      const { span, total, days, groups } = await activity.getActivitiesReport(query, call);
      const by = query.by ?? 'type';
      const whole = { activityFrom: span?.begins, activityTo: span?.ends };
      return ok({
        from: span?.from,
        to: span?.to,
        by,
        total: show(total, whole),
        days: days.map((day) => {
          const within = { activityFrom: day.begins, activityTo: day.ends };
          return {
            date: day.date,
            ...show(day.total, within),
            counts: day.counts.map(({ activityType, outcomeCode, count: number }) => ({
              activityType,
              outcomeCode,
              label: labelOf(activityType, outcomeCode),
              reached: outcomeCode !== undefined && (types.get(activityType)?.outcomes.get(outcomeCode)?.reached ?? false),
              ...countFigure(activityType, outcomeCode, number, within),
            })),
          };
        }),
        groups: groups.map(({ key, outcomeCode, total: sum }) => {
          const query = by === 'person' ? { activityBy: key } : { activityType: key, activityOutcome: outcomeCode };
          const shown = show(sum, { ...whole, ...query });
          const { activities, ...rest } = shown;
          const unaskable = by === 'outcome' && isUnaskable(key, outcomeCode);
          return {
            key,
            outcomeCode,
            ...(by !== 'person' && { label: labelOf(key, outcomeCode) }),
            ...(unaskable ? { activities: { count: activities.count }, calls: { count: rest.calls.count }, reached: { count: 0 }, reachedRate: rest.reachedRate } : shown),
          };
        }),
      });
    },
  });
}

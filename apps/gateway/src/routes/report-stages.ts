import { z } from 'zod';
import type { FunnelStage, StageTime } from '@tom/contracts/tom/stage/v1/stage_service';
import type { Text } from '@tom/kernel';
import { ok, route, type Route } from '../edge/route.ts';
import { systemText, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';
import { figure, figureSchema, reportQuery, spanSchema, type Figure, type Query } from './report-figure.ts';

const by = ['industry', 'owner', 'city', 'orgKind'] as const;
const stageNamed = { stage: z.string(), label: systemText };
const group = { key: z.string().nullable(), label: systemText.optional() };

const funnelStage = z.object({
  ...stageNamed,
  entered: figureSchema,
  onward: figureSchema,
  here: figureSchema,
  back: figureSchema,
  dropped: figureSchema,
  droppedTo: z.array(figureSchema.extend(stageNamed)),
});

const stageTime = z.object({
  ...stageNamed,
  left: figureSchema,
  medianSeconds: z.number().optional(),
  p90Seconds: z.number().optional(),
});
const stageTimeNow = stageTime.extend({
  before: z.object({ left: z.number().int(), medianSeconds: z.number().optional() }),
  here: figureSchema,
  hereLonger: figureSchema,
  oldestSince: time.optional(),
});

/** How far companies come, and how long they take. */
export function stageReports({ services: { stage }, catalog }: RouteContext): Route[] {
  const stages = [...catalog.stages.stages.values()];
  const path = stages.filter(({ side }) => !side).map((one) => one.stage);
  const sides = stages.filter(({ side }) => side).map((one) => one.stage);
  const label = (name: string): Text => catalog.stages.stages.get(name)?.label ?? { de: name, en: name };
  const orgs = (count: number, query: Query): Figure => figure(count, '/orgs', query);

  /** What lists the companies of a group. */
  function ofGroup(grouping: string | undefined, key: string | undefined): Query {
    if (grouping === undefined) return {};
    return key === undefined ? { without: grouping } : { [grouping]: key };
  }

  function groupOf(grouping: string | undefined, key: string | undefined) {
    const kind = grouping === 'orgKind' && key !== undefined ? catalog.codes.orgKinds.get(key) : undefined;
    return { key: key ?? null, ...(kind && { label: kind.label }) };
  }

  function funnelStages(shown: readonly FunnelStage[], span: Query) {
    return shown.map((one) => {
      const place = path.indexOf(one.stage);
      const farthest = { ...span, farthestStage: one.stage };
      const later = path.slice(place + 1);
      const earlier = path.slice(0, place);
      const dropped = Object.entries(one.dropped);
      return {
        stage: one.stage,
        label: label(one.stage),
        entered: orgs(one.entered, { ...span, passedStage: one.stage }),
        onward: later.length === 0 ? { count: one.onward } : orgs(one.onward, { ...span, passedStage: one.stage, farthestStage: later }),
        here: orgs(one.here, { ...farthest, stage: one.stage }),
        back: earlier.length === 0 ? { count: one.back } : orgs(one.back, { ...farthest, stage: earlier }),
        dropped: orgs(dropped.reduce((sum, [, companies]) => sum + companies, 0), { ...farthest, stage: sides }),
        droppedTo: dropped.map(([to, companies]) => ({ stage: to, label: label(to), ...orgs(companies, { ...farthest, stage: to }) })),
      };
    });
  }

  function stageTimes(shown: readonly StageTime[], span: { readonly begins?: string | undefined; readonly ends?: string | undefined }, chosen: Query) {
    return shown.map(({ stage: name, left, medianSeconds, p90Seconds }) => ({
      stage: name,
      label: label(name),
      left: orgs(left, { leftStage: name, leftFrom: span.begins, leftTo: span.ends, ...chosen }),
      medianSeconds,
      p90Seconds,
    }));
  }

  return [
    route({
      method: 'get',
      path: '/reports/funnel',
      tag: 'Reports',
      summary:
        'How far the companies came that were created or entered the first stage in the span (by default the last 30 days), and where they left the path.',
      query: reportQuery(by),
      answers: {
        200: z.object({
          ...spanSchema,
          stages: z.array(funnelStage),
          groups: z.array(z.object({ ...group, companies: z.number().int(), stages: z.array(funnelStage) })),
        }),
      },
      async handle({ query, call }) {
        const { span, stages: all, groups } = await stage.getFunnelReport(query, call);
        const begun = { begunFrom: span?.begins, begunTo: span?.ends };
        return ok({
          from: span?.from,
          to: span?.to,
          by: query.by,
          stages: funnelStages(all, begun),
          groups: groups.map(({ key, companies, stages: shown }) => ({
            ...groupOf(query.by, key),
            companies,
            stages: funnelStages(shown, { ...begun, ...ofGroup(query.by, key) }),
          })),
        });
      },
    }),
    route({
      method: 'get',
      path: '/reports/time-in-stage',
      tag: 'Reports',
      summary:
        'How long companies were in the stages that they left in the span, against the span before, and who is there now. A company that left twice counts twice and is listed once.',
      query: reportQuery(by),
      answers: {
        200: z.object({
          ...spanSchema,
          stages: z.array(stageTimeNow),
          groups: z.array(z.object({ ...group, left: z.number().int(), stages: z.array(stageTime) })),
        }),
      },
      async handle({ query, call }) {
        const { span, stages: all, groups } = await stage.getTimeInStageReport(query, call);
        const times = stageTimes(all, span ?? {}, {});
        return ok({
          from: span?.from,
          to: span?.to,
          by: query.by,
          stages: all.map((one, index) => ({
            ...times[index],
            before: { left: one.leftBefore, medianSeconds: one.medianSecondsBefore },
            here: orgs(one.here, { stage: one.stage }),
            hereLonger: one.longerSince === undefined ? { count: 0 } : orgs(one.hereLonger, { stage: one.stage, stageSinceTo: one.longerSince }),
            oldestSince: one.oldestSince,
          })),
          groups: groups.map(({ key, left, stages: shown }) => ({
            ...groupOf(query.by, key),
            left,
            stages: stageTimes(shown, span ?? {}, ofGroup(query.by, key)),
          })),
        });
      },
    }),
  ];
}

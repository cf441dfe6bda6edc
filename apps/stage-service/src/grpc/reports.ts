import { reportSpan, require as requireRight, type ReportSpan } from '@tom/catalog';
import type { StageServiceService, StageTime } from '@tom/contracts/tom/stage/v1/stage_service';
import type { ReportRequest } from '@tom/contracts/tom/types/v1/types';
import type { CallContext, Handlers } from '@tom/runtime';
import { checkInput } from '../adapters/check-input.ts';
import { groupingNames, journeysIn, staysEndedIn, staysIn, type Grouping, type Stay, type StayTimes } from '../adapters/reports.ts';
import type { Deps } from '../deps.ts';
import { funnelOf } from '../domain/journey.ts';

const MOST_GROUPS = 50;

/** How far companies come, and how long they take; the figures, not the companies. */
export function reportHandlers(deps: Deps): Pick<Handlers<typeof StageServiceService>, 'getFunnelReport' | 'getTimeInStageReport'> {
  const { catalog, clock, database } = deps;
  const stages = [...catalog.stages.stages.values()];
  const path = stages.filter(({ side }) => !side).map(({ stage }) => stage);

  function asked(request: ReportRequest, call: CallContext): { span: ReportSpan; by: Grouping | undefined; now: Date } {
    const input = checkInput();
    input.choice('by', request.by, groupingNames);
    input.done();
    const now = clock.now();
    const span = reportSpan(catalog.business.timeZone, request, now);
    requireRight(catalog.roles, call.caller.roles, 'read');
    return { span, by: request.by as Grouping | undefined, now };
  }

  return {
    async getFunnelReport(request, call) {
      const { span, by } = asked(request, call);
      const [counts, grouped] = await Promise.all([journeysIn(database, span), by ? journeysIn(database, span, by) : []]);
      const groups = byGroup(grouped).map(([key, journeys]) => {
        const companies = journeys.reduce((sum, journey) => sum + journey.companies, 0);
        return { key: key ?? undefined, companies, stages: funnelOf(path, journeys).map(mutable) };
      });
      return {
        span: spanMessage(span),
        stages: funnelOf(path, counts).map(mutable),
        groups: groups.sort((a, b) => b.companies - a.companies).slice(0, MOST_GROUPS),
      };
    },

    async getTimeInStageReport(request, call) {
      const { span, by, now } = asked(request, call);
      const names = stages.map(({ stage }) => stage);
      const length = span.ends.getTime() - span.begins.getTime();
      const before = { begins: new Date(span.begins.getTime() - length), ends: span.begins };
      const [ended, endedBefore, grouped] = await Promise.all([
        staysEndedIn(database, span, names),
        staysEndedIn(database, before, names),
        by ? staysEndedIn(database, span, names, by) : [],
      ]);
      const limits = names.map((stage) => {
        const p90 = find(ended, stage)?.p90;
        return { stage, before: p90 === undefined ? null : new Date(now.getTime() - p90 * 1000) };
      });
      const present = await staysIn(database, limits);
      const groups = byGroup(grouped).map(([key, stays]) => ({
        key: key ?? undefined,
        left: stays.reduce((sum, stay) => sum + stay.stays, 0),
        stages: stays.map((stay) => stageTime(stay.stage, stay)),
      }));
      return {
        span: spanMessage(span),
        stages: limits.map(({ stage, before: since }) =>
          stageTime(stage, find(ended, stage), find(endedBefore, stage), find(present, stage), since),
        ),
        groups: groups.sort((a, b) => b.left - a.left).slice(0, MOST_GROUPS),
      };
    },
  };
}

function stageTime(stage: string, ended?: StayTimes, before?: StayTimes, present?: Stay, since: Date | null = null): StageTime {
  return {
    stage,
    left: ended?.stays ?? 0,
    medianSeconds: ended?.median,
    p90Seconds: ended?.p90,
    leftBefore: before?.stays ?? 0,
    medianSecondsBefore: before?.median,
    here: present?.here ?? 0,
    hereLonger: present?.longer ?? 0,
    longerSince: since?.toISOString(),
    oldestSince: present?.oldestSince.toISOString(),
  };
}

function spanMessage({ from, to, begins, ends }: ReportSpan) {
  return { from, to, begins: begins.toISOString(), ends: ends.toISOString() };
}

function mutable<T extends { readonly dropped: Readonly<Record<string, number>> }>(stage: T) {
  return { ...stage, dropped: { ...stage.dropped } };
}

function find<T extends { readonly stage: string }>(rows: readonly T[], stage: string): T | undefined {
  return rows.find((row) => row.stage === stage);
}

function byGroup<T extends { readonly group: string | null }>(rows: readonly T[]): [string | null, T[]][] {
  const groups = new Map<string | null, T[]>();
  for (const row of rows) {
    const members = groups.get(row.group);
    if (members) members.push(row);
    else groups.set(row.group, [row]);
  }
  return [...groups];
}

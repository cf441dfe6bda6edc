import { require as requireRight } from '@tom/catalog';
import type { OrgListItem, OrgsBehind, StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { decodePageToken, encodePageToken, isDomainError, type UnmetRule } from '@tom/kernel';
import { evaluateGuard } from '@tom/rules';
import type { CallContext, Handlers } from '@tom/runtime';
import { stageFacts } from '@tom/workflow';
import { checkInput, lengths, type Input } from '../adapters/check-input.ts';
import { gatherFacts, sectionsReadBy } from '../adapters/gather-facts.ts';
import { orgMessage, ruleMessage } from '../adapters/messages.ts';
import {
  countByStage,
  defaultSort,
  lackableNames,
  listOrgs,
  orgSorts,
  type JourneyFilter,
  type Lacking,
  type ListedOrg,
  type NextTaskFilter,
  type OrgFilter,
  type OrgSort,
} from '../adapters/org-list.ts';
import type { Deps } from '../deps.ts';
import { pageSizeOf } from './input.ts';

const nextTaskFilters = ['none', 'overdue', 'today', 'later'] as const;

/** Said in place of the rules while whoever owns the facts is away: the list stays usable, and claims nothing. */
const factsUnavailable: UnmetRule = {
  rule: 'FACTS_UNAVAILABLE',
  met: false,
  message: {
    de: 'Ob der nächste Schritt möglich ist, lässt sich gerade nicht sagen.',
    en: 'Whether the next step is possible cannot be said at the moment.',
  },
};

/** Companies with what a list shows of other services' things; one call per owner and page. */
export function listOrgsHandler(deps: Deps): Handlers<typeof StageServiceService>['listOrgs'] {
  const { catalog, clock, database } = deps;
  const path = [...catalog.stages.stages.values()].filter(({ side }) => !side).map(({ stage }) => stage);
  return async (request, call) => {
    const input = checkInput();
    const q = request.q === '' ? undefined : request.q;
    input.text('q', q, { max: lengths.name });
    for (const stage of request.stages) input.choice('stage', stage, catalog.stages.stages.keys());
    for (const status of request.statuses) input.choice('status', status, catalog.codes.orgStatuses.keys());
    for (const kind of request.orgKinds) input.choice('orgKind', kind, catalog.codes.orgKinds.keys());
    input.text('owner', request.owner, { max: lengths.other });
    input.text('city', request.city, { max: lengths.other });
    input.choice('nextTask', request.nextTask, nextTaskFilters);
    input.choice('sort', request.sort, orgSorts);
    input.text('industry', request.industry, { max: lengths.other });
    if (request.behind) checkBehind(input, deps, request.behind);
    const pageSize = pageSizeOf(input, request.pageSize);
    input.done();
    requireRight(catalog.roles, call.caller.roles, 'read');

    const filter: OrgFilter = {
      q,
      stages: request.stages,
      statuses: request.statuses,
      orgKinds: request.orgKinds,
      owner: request.owner,
      city: request.city,
      nextTask: request.nextTask as NextTaskFilter | undefined,
      industry: request.industry,
      ...(request.behind && behindFilter(request.behind, path)),
    };
    const sort = (request.sort ?? defaultSort) as OrgSort;
    const scope = { list: 'orgs', sort, ...filter };
    const keys = decodePageToken(scope, request.pageToken);
    const after = keys === undefined ? undefined : ([String(keys[0]), String(keys[1])] as const);
    const now = clock.now();
    const instants = { now, endOfToday: catalog.business.calendar.endOfDay(now) };
    const [rows, counts] = await Promise.all([
      listOrgs(database, filter, { sort, after, limit: pageSize + 1 }, instants),
      countByStage(database, filter, instants),
    ]);
    const page = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? page.at(-1) : undefined;
    const unmet = await unmetForNext(deps, call, page);
    const chosen = request.stages.length === 0 ? [...counts.keys()] : [...new Set(request.stages)];
    return {
      items: page.map((org) => listItem(org, unmet.get(org.orgId) ?? [])),
      nextPageToken: last && encodePageToken(scope, [last.sortKey, last.orgId]),
      total: chosen.reduce((sum, stage) => sum + (counts.get(stage) ?? 0), 0),
      counts: Object.fromEntries(counts),
    };
  };
}

/** What reports count can be listed. */
function checkBehind(input: Input, { catalog: { stages, codes } }: Deps, request: OrgsBehind): void {
  for (const name of request.without) input.choice('without', name, lackableNames);
  for (const name of ['enteredStage', 'leftStage'] as const) input.choice(name, request[name], stages.stages.keys());
  const path = [...stages.stages.values()].filter(({ side }) => !side).map(({ stage }) => stage);
  input.choice('passedStage', request.passedStage, path);
  for (const stage of request.farthestStages) input.choice('farthestStage', stage, path);
  for (const name of instants) input.instant(name, request[name]);
  for (const name of ['entered', 'left'] as const) {
    const spanned = request[`${name}From`] !== undefined || request[`${name}To`] !== undefined;
    if (spanned && request[`${name}Stage`] === undefined) input.refuse(`${name}Stage`, 'is missing', 'the stage that the span is about');
  }
  input.choice('activityType', request.activityType, codes.activityTypes.keys());
  const outcomes = [...codes.activityTypes.values()].flatMap((type) => [...type.outcomes.keys()]);
  for (const outcome of request.activityOutcomes) input.choice('activityOutcome', outcome, outcomes);
  input.text('activityBy', request.activityBy, { max: lengths.other });
}

const instants = [
  'stageSinceFrom',
  'stageSinceTo',
  'enteredFrom',
  'enteredTo',
  'leftFrom',
  'leftTo',
  'begunFrom',
  'begunTo',
  'activityFrom',
  'activityTo',
] as const;

function behindFilter(request: OrgsBehind, path: readonly string[]): Partial<OrgFilter> {
  const { enteredStage, leftStage } = request;
  const { activityType: type, activityBy: by } = request;
  const outcomes = request.activityOutcomes.length > 0 ? request.activityOutcomes : undefined;
  const span = (name: 'stageSince' | 'entered' | 'left' | 'activity') => ({ from: request[`${name}From`], to: request[`${name}To`] });
  const stageSince = span('stageSince');
  const activity = { ...span('activity'), type, outcomes, by };
  return {
    without: request.without as Lacking[],
    ...(isGiven(stageSince) && { stageSince }),
    ...(enteredStage !== undefined && { entered: { stage: enteredStage, ...span('entered') } }),
    ...(leftStage !== undefined && { left: { stage: leftStage, ...span('left') } }),
    journey: journeyFilter(request, path),
    ...(isGiven(activity) && { activity }),
  };
}

function journeyFilter({ begunFrom, begunTo, passedStage, farthestStages }: OrgsBehind, path: readonly string[]): JourneyFilter | undefined {
  const begun = { from: begunFrom, to: begunTo };
  if (!isGiven(begun) && passedStage === undefined && farthestStages.length === 0) return undefined;
  const place = (stage: string) => path.indexOf(stage);
  return {
    begun,
    ...(passedStage !== undefined && { passed: { upTo: path.slice(0, place(passedStage) + 1), from: path.slice(place(passedStage)) } }),
    ...(farthestStages.length > 0 && {
      farthest: farthestStages.map((stage) => ({ stage, beyond: path.slice(place(stage) + 1) })),
    }),
  };
}

function isGiven(filter: Readonly<Record<string, unknown>>): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** The rules that keep each company from its main next stage. */
async function unmetForNext(
  deps: Deps,
  call: CallContext,
  orgs: readonly ListedOrg[],
): Promise<ReadonlyMap<string, readonly UnmetRule[]>> {
  const { stages } = deps.catalog;
  const asked = orgs.flatMap((org) => {
    const next = stages.stages.get(org.currentStage)?.mainNext;
    const row = next === undefined ? undefined : stages.find(org.currentStage, next);
    return row === undefined || row.guard.length === 0 ? [] : [{ org, row, sections: sectionsReadBy([row]) }];
  });
  if (asked.length === 0) return new Map();
  try {
    const companies = asked.map(({ org: { orgId, stageSince }, sections }) => ({ orgId, stageSince, sections }));
    const gathered = await gatherFacts(deps.owners, call, companies);
    return new Map(
      asked.map(({ org, row }, index) => {
        const facts = stageFacts(org, { reasonCode: row.defaultReason }, gathered[index] ?? {});
        return [org.orgId, evaluateGuard(row.guard, facts).unmet];
      }),
    );
  } catch (error) {
    if (!isDomainError(error) || error.kind !== 'unavailable') throw error;
    return new Map(asked.map(({ org }) => [org.orgId, [factsUnavailable]]));
  }
}

function listItem(org: ListedOrg, unmet: readonly UnmetRule[]): OrgListItem {
  return {
    org: orgMessage(org),
    nextTask:
      org.taskId === null
        ? undefined
        : {
            taskId: org.taskId,
            taskType: org.taskType,
            title: org.taskTitle,
            assignedQueue: org.taskQueue,
            assignee: org.taskAssignee ?? undefined,
            dueAt: org.taskDueAt?.toISOString(),
            priority: org.taskPriority ?? undefined,
            dueIsEndOfDay: org.taskDueIsEndOfDay ?? undefined,
          },
    lastActivity:
      org.activityType === null
        ? undefined
        : {
            activityType: org.activityType,
            outcomeCode: org.activityOutcome ?? undefined,
            at: org.activityAt.toISOString(),
          },
    unmetForNext: unmet.map(ruleMessage),
  };
}

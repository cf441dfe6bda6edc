import type { StageFacts, StageTransition } from '@tom/catalog';
import type { ActivityFacts } from '@tom/contracts/tom/activity/v1/activity_service';
import type { TaskFacts } from '@tom/contracts/tom/task/v1/task_service';
import type { OpenCaseFact } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { UnmetRule } from '@tom/kernel';
import { evaluateGuard, type GuardVerdict } from '@tom/rules';
import type { CallContext, OutgoingCall } from '@tom/runtime';
import type { Org } from '../domain/org.ts';
import { closedBy, outputsUnmet, type ClosableCase } from '../domain/stage.ts';
import { outcomesOfOtherRows } from '../domain/consequences.ts';
import type { FactOwners } from './fact-owners.ts';

export type FactSection = 'cases' | 'activities' | 'tasks';

/** What the owners answered about one company; a section that nobody asked for is absent. */
export interface GatheredFacts {
  readonly cases?: readonly OpenCaseFact[];
  readonly activities?: Pick<ActivityFacts, 'contactsSince' | 'pendingFollowUps'>;
  readonly tasks?: Pick<TaskFacts, 'nextStepsToday' | 'nextStepsFuture'>;
}

/** A company to ask about. `stageSince`: contacts count from there when no qualification case is open. */
export interface AskedCompany {
  readonly orgId: string;
  readonly stageSince: Date;
  readonly sections: ReadonlySet<FactSection>;
}

const QUALIFY_COMPANY = 'QUALIFY_COMPANY';
const WORK_LEAD = 'WORK_LEAD';
const OUTSIDE_SALES = 'outside_sales';

/** The sections that the guards of these rows read: an owner whose facts decide nothing is not asked. */
export function sectionsReadBy(rows: readonly StageTransition[]): Set<FactSection> {
  const paths = rows.flatMap((row) =>
    row.guard.flatMap((rule) => [...rule.condition.paths, ...(rule.value?.paths ?? [])]),
  );
  const sections = new Set<FactSection>();
  for (const section of ['cases', 'activities', 'tasks'] as const) {
    if (paths.some((path) => path.startsWith(`${section}.`))) sections.add(section);
  }
  return sections;
}

/**
 * Asks the owners, one call each for all companies (200 at most), answering in their order. Workflow first, because its
 * case says since when contacts count; tasks last: a follow-up becomes a task, so asked the other way round it could be
 * missed by both. Rejects UNAVAILABLE when an owner is away.
 */
export async function gatherFacts(
  owners: FactOwners,
  call: CallContext | OutgoingCall,
  companies: readonly AskedCompany[],
): Promise<GatheredFacts[]> {
  const wanting = (section: FactSection) => companies.filter((company) => company.sections.has(section));
  const withCases = companies.filter(({ sections }) => sections.has('cases') || sections.has('activities'));
  const cases = await casesOf(owners, call, withCases);
  const activities = await activitiesOf(owners, call, wanting('activities'), cases);
  const tasks = await tasksOf(owners, call, wanting('tasks'));
  return companies.map(({ orgId }) => {
    const facts: { -readonly [Section in keyof GatheredFacts]: GatheredFacts[Section] } = {};
    const open = cases.get(orgId);
    const logged = activities.get(orgId);
    const due = tasks.get(orgId);
    if (open !== undefined) facts.cases = open;
    if (logged !== undefined) facts.activities = logged;
    if (due !== undefined) facts.tasks = due;
    return facts;
  });
}

async function casesOf(
  owners: FactOwners,
  call: CallContext | OutgoingCall,
  companies: readonly AskedCompany[],
): Promise<ReadonlyMap<string, readonly OpenCaseFact[]>> {
  const orgIds = companies.map(({ orgId }) => orgId);
  if (orgIds.length === 0) return new Map();
  const { facts } = await owners.workflow.getCaseFacts({ orgIds }, call);
  const known = new Map(facts.map((fact) => [fact.orgId, fact.open]));
  return new Map(orgIds.map((orgId) => [orgId, known.get(orgId) ?? []]));
}

async function activitiesOf(
  owners: FactOwners,
  call: CallContext | OutgoingCall,
  companies: readonly AskedCompany[],
  cases: ReadonlyMap<string, readonly OpenCaseFact[]>,
): Promise<ReadonlyMap<string, ActivityFacts>> {
  if (companies.length === 0) return new Map();
  const queries = companies.map(({ orgId, stageSince }) => {
    const qualification = cases.get(orgId)?.find((open) => open.caseType === QUALIFY_COMPANY);
    return { orgId, since: qualification?.openedAt ?? stageSince.toISOString() };
  });
  const { facts } = await owners.activity.getActivityFacts({ queries }, call);
  const known = new Map(facts.map((fact) => [fact.orgId, fact]));
  return new Map(
    companies.map(({ orgId }) => [orgId, known.get(orgId) ?? { orgId, contactsSince: 0, pendingFollowUps: 0 }]),
  );
}

async function tasksOf(
  owners: FactOwners,
  call: CallContext | OutgoingCall,
  companies: readonly AskedCompany[],
): Promise<ReadonlyMap<string, TaskFacts>> {
  const orgIds = companies.map(({ orgId }) => orgId);
  if (orgIds.length === 0) return new Map();
  const { facts } = await owners.task.getTaskFacts({ orgIds }, call);
  const known = new Map(facts.map((fact) => [fact.orgId, fact]));
  return new Map(
    orgIds.map((orgId) => [orgId, known.get(orgId) ?? { orgId, nextStepsToday: 0, nextStepsFuture: 0, open: 0 }]),
  );
}

/** What a move is asked with, as far as its judgement depends on it. */
export interface AskedMove {
  readonly reasonCode?: string | null | undefined;
  readonly reasonNote?: string | null | undefined;
  readonly caseId?: string | undefined;
  readonly outcomeCode?: string | undefined;
}

/** What a move is decided on, the case that it closes, and whether it may be: guard and outputs, every rule of both. */
export interface Judgement {
  readonly facts: ReturnType<typeof stageFacts>;
  readonly closes: { readonly caseId: string; readonly outcomeCode: string } | undefined;
  readonly verdict: GuardVerdict;
}

/** Judges a row for a company: the one evaluation for persons, templates, lists, explanations and overrides. */
export function judgeMove(
  rows: readonly StageTransition[],
  row: StageTransition,
  org: Org,
  asked: AskedMove,
  gathered: GatheredFacts,
): Judgement {
  const others = outcomesOfOtherRows(rows, row);
  const open = (gathered.cases ?? []).map(closable);
  const closes = closedBy(open, row, asked, others);
  const missing = outputsUnmet(open, row, closes, others);
  const facts = stageFacts(org, asked, gathered, missing.map(({ rule }) => rule));
  const guard = evaluateGuard(row.guard, facts);
  const verdict = { ok: guard.ok && missing.length === 0, rules: [...guard.rules, ...missing], unmet: [...guard.unmet, ...missing] };
  return { facts, closes, verdict };
}

function closable({ caseId, outcomes }: OpenCaseFact): ClosableCase {
  return { caseId, outcomes: outcomes.map((one) => ({ ...one, unmet: one.unmet.flatMap(unmetRule) })) };
}

/** A rule as its owner told it. */
function unmetRule({ rule, met, message, value, hint, fix }: OpenCaseFact['outcomes'][number]['unmet'][number]): UnmetRule[] {
  if (!message) return [];
  return [
    {
      rule,
      met,
      message,
      ...(value !== undefined && { value }),
      ...(hint && { hint }),
      ...(fix && { fix: { action: fix.action, params: fix.params ?? {} } }),
    },
  ];
}

/** What guards read, of the company as it is and of what was gathered; this is also what the history keeps. */
function stageFacts(
  org: Org,
  request: { readonly reasonCode?: string | null | undefined; readonly reasonNote?: string | null | undefined },
  gathered: GatheredFacts,
  missingOutputs: readonly string[] = [],
): Partial<StageFacts> & Pick<StageFacts, 'org' | 'request'> {
  const { cases, activities, tasks } = gathered;
  const ofType = (type: string) => cases?.filter((open) => open.caseType === type) ?? [];
  return {
    org: {
      org_kind: org.orgKind,
      status: org.status,
      current_stage: org.currentStage,
      stage_since: org.stageSince.toISOString(),
      was_customer: org.wasCustomer,
    },
    request: { ...(request.reasonCode ? { reason_code: request.reasonCode } : {}), has_note: Boolean(request.reasonNote) },
    ...(activities && {
      activities: {
        contacts_since_case: activities.contactsSince,
        pending_follow_ups: activities.pendingFollowUps,
      },
    }),
    ...(tasks && { tasks: { next_steps_today: tasks.nextStepsToday, next_steps_future: tasks.nextStepsFuture } }),
    ...(cases && {
      cases: {
        open: cases.length,
        open_types: cases.map((open) => open.caseType),
        qualify_open: ofType(QUALIFY_COMPANY).length > 0,
        work_lead_open: ofType(WORK_LEAD).length > 0,
        work_lead_claimed: ofType(WORK_LEAD).some(claimedByField),
        missing_outputs: missingOutputs,
      },
    }),
  };
}

/** A lead that was handed over may be claimed by another engine: that is no acceptance. */
function claimedByField({ owner, engine, claimedByEngineRole }: OpenCaseFact): boolean {
  return owner !== undefined && claimedByEngineRole && engine === OUTSIDE_SALES;
}

import type { StageTransition } from '@tom/catalog';
import type { ActivityFacts } from '@tom/contracts/tom/activity/v1/activity_service';
import type { TaskFacts } from '@tom/contracts/tom/task/v1/task_service';
import type { OpenCaseFact } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { CallContext, OutgoingCall } from '@tom/runtime';
import { QUALIFY_COMPANY } from '@tom/workflow';
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

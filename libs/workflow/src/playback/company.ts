import type { Catalog, Template } from '@tom/catalog';
import { ids } from '@tom/kernel';
import type { CaseItem } from '../case.ts';
import type { WorkFacts } from '../case-status.ts';
import type { OrgFacts } from '../org.ts';
import { missingOutputs } from '../output.ts';
import type { Output } from '../requirement.ts';
import type { Waiting } from '../rule-look.ts';
import { caseAtDoor, QUALIFY_COMPANY, stageFacts, type CaseAtDoor, type ClosableCase } from '../stage-door.ts';
import type { Facts } from '../template.ts';

/** A task as a playback keeps it. */
export interface PlayedTask {
  readonly taskId: string;
  readonly caseId?: string | undefined;
  readonly taskType: string;
  readonly taskKey?: string | undefined;
  readonly title?: string | undefined;
  readonly role: string;
  readonly queue: string;
  readonly origin: string;
  readonly status: string;
  readonly waitingFor?: string | undefined;
  readonly priority: string;
  readonly assignee?: string | undefined;
  readonly dueAt?: Date | undefined;
  readonly createdAt: Date;
}

export interface PlayedActivity {
  readonly activityId: string;
  readonly caseId?: string | undefined;
  readonly activityType: string;
  readonly direction?: string | undefined;
  readonly outcomeCode?: string | undefined;
  readonly occurredAt: Date;
  readonly followUpAt?: Date | undefined;
  readonly createdBy: string;
  readonly loggedAt: Date;
}

/** A rule that waits, and the event that it will be judged on. */
export interface PlayedTimer extends Waiting {
  readonly templateVersion: Template;
  readonly caseId?: string | undefined;
  readonly event: { readonly id: string; readonly type: string; readonly depth: number; readonly actor: string };
  readonly fields: Facts;
}

/** Everything about one company that rules and guards look at. The playback changes it, others read it. */
export interface Company {
  readonly orgId: string;
  /** As rules see it; undefined until an event told. */
  org: OrgFacts | undefined;
  /** As the owner of stages has it: ahead of `org` while the event of a change is under way. */
  door: { readonly stage: string; readonly since: Date; readonly wasCustomer: boolean };
  readonly cases: Map<string, CaseItem>;
  readonly templateOf: Map<string, Template>;
  readonly outputs: Map<string, readonly Output[]>;
  readonly tasks: Map<string, PlayedTask>;
  readonly activities: Map<string, PlayedActivity>;
  /** By place, template and rule. */
  readonly timers: Map<string, PlayedTimer>;
  /** Tasks whose owner has cancelled them and whose event is under way. */
  readonly cancelling: Set<string>;
  /** How often the rules of a template fired, by place and template. */
  readonly fired: Map<string, number>;
}

export function newCompany(orgId: string): Company {
  return {
    orgId,
    org: undefined,
    door: { stage: '', since: new Date(0), wasCustomer: false },
    cases: new Map(),
    templateOf: new Map(),
    outputs: new Map(),
    tasks: new Map(),
    activities: new Map(),
    timers: new Map(),
    cancelling: new Set(),
    fired: new Map(),
  };
}

/** In the order in which they were opened. */
export function openCases(company: Company): readonly CaseItem[] {
  return [...company.cases.values()].filter((item) => item.closedAt === undefined);
}

export function isOpen(task: { readonly status: string }): boolean {
  return task.status === 'OPEN' || task.status === 'IN_PROGRESS';
}

/** What a person or an activity agreed on, not what a template asks for. */
function isStep(task: PlayedTask): boolean {
  return isOpen(task) && (task.origin === 'ACTIVITY' || task.origin === 'PERSON');
}

/** What the statement case.work_facts answers. */
export function workFacts(company: Company, item: CaseItem, outputsAssumed: boolean): WorkFacts {
  const tasks = [...company.tasks.values()].filter((task) => task.caseId === item.caseId);
  const open = tasks.filter(isOpen);
  const active = [...company.activities.values()].some((activity) => activity.caseId === item.caseId);
  return {
    openTasks: open.length,
    waitingTasks: open.filter((task) => task.waitingFor !== undefined).length,
    otherRoleTasks: open.filter((task) => task.role !== item.ownerRole).length,
    worked: active || tasks.some((task) => task.status === 'DONE'),
    outputsMissing: !outputsAssumed && missingOutputs(item, company.outputs.get(item.caseId) ?? []).length > 0,
  };
}

/** What the statement rule_facts.next_steps answers. */
export function nextSteps(company: Company, now: Date): number {
  return [...company.tasks.values()].filter((task) => isStep(task) && task.dueAt !== undefined && task.dueAt > now).length;
}

/** How far back calls in a row are counted. */
const MOST_CALLS = 100;

/** What the statement rule_facts.calls_in_row answers. */
export function callsInRow(company: Company, activityId: string): number {
  const call = company.activities.get(activityId);
  if (!call || call.activityType !== 'CALL' || call.caseId === undefined) return 0;
  const upTo = [...company.activities.values()]
    .filter((other) => other.caseId === call.caseId && other.activityType === 'CALL' && !isAfter(other, call))
    .sort((a, b) => (isAfter(a, b) ? -1 : 1))
    .slice(0, MOST_CALLS);
  const other = upTo.findIndex((each) => each.outcomeCode !== call.outcomeCode);
  return other === -1 ? upTo.length : other;
}

function isAfter(a: PlayedActivity, b: PlayedActivity): boolean {
  const between = a.loggedAt.getTime() - b.loggedAt.getTime();
  return between === 0 ? a.activityId > b.activityId : between > 0;
}

export function closableCases(company: Company, { engines }: Pick<Catalog, 'engines'>): readonly (CaseAtDoor & ClosableCase)[] {
  return openCases(company).map((item) => {
    return caseAtDoor(item, engines, company.templateOf.get(item.caseId)?.completion ?? []);
  });
}

type Configuration = Pick<Catalog, 'engines' | 'stages' | 'business' | 'codes'>;

/** What the owners of the facts would answer to a guard at this instant. */
export function factsAtDoor(
  company: Company,
  org: OrgFacts,
  request: { readonly reasonCode?: string | undefined; readonly reasonNote?: string | undefined },
  catalog: Configuration,
  now: Date,
) {
  const { stage, since, wasCustomer } = company.door;
  const status = catalog.stages.stages.get(stage)?.status ?? org.status;
  const qualification = openCases(company).find((item) => item.caseType === QUALIFY_COMPANY);
  const contactsFrom = qualification?.openedAt ?? since;
  const activities = [...company.activities.values()];
  const isContact = (activity: PlayedActivity) => catalog.codes.activityTypes.get(activity.activityType)?.contact === true;
  const steps = [...company.tasks.values()].filter((task) => isStep(task) && task.dueAt !== undefined);
  const today = catalog.business.calendar.startOfDay(now);
  const due = (from: (dueAt: Date) => boolean) => steps.filter(({ dueAt }) => dueAt !== undefined && from(dueAt)).length;
  return stageFacts(
    { orgKind: org.orgKind, status, currentStage: stage, stageSince: since, wasCustomer },
    request,
    {
      cases: closableCases(company, catalog),
      activities: {
        contactsSince: activities.filter((activity) => isContact(activity) && activity.loggedAt >= contactsFrom).length,
        pendingFollowUps: activities.filter(({ activityId, followUpAt }) => {
          return followUpAt !== undefined && followUpAt > now && !hasCallBack(company, activityId);
        }).length,
      },
      tasks: { nextStepsToday: due((at) => at >= today), nextStepsFuture: due((at) => at > now) },
    },
  );
}

/** A follow-up counts as a next step until its task exists; then the task does. */
function hasCallBack(company: Company, activityId: string): boolean {
  return company.tasks.has(callBackOf(activityId));
}

/** The first call-back of an activity. */
export function callBackOf(activityId: string): string {
  return ids.callBack(activityId, 1);
}

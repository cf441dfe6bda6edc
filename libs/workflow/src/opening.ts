import { deriveId, ids } from '@tom/kernel';
import type { CaseItem } from './case.ts';
import { caseStatus, untouched } from './case-status.ts';
import { textFacts } from './look.ts';
import type { OrgFacts } from './org.ts';
import type { Requirement } from './requirement.ts';
import type { CaseTemplate, Facts, LeadingEngine, StageTable, WantedOutput, WorkOfTemplate } from './template.ts';

/** The longest title that events may carry, in characters. */
const MAX_TITLE = 300;

const REACTIVATED = 'REACTIVATED';

/** A task that a template wants. */
export interface PlannedTask {
  readonly taskId: string;
  readonly taskKey: string;
  readonly taskType: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly queue: string;
  readonly role: string;
  readonly priority: string;
  readonly dueAt: Date;
}

/** A stage that a template asks for. */
export interface WantedTransition {
  readonly commandId: string;
  readonly from: string;
  readonly to: string;
  readonly reason?: string | undefined;
}

/** A case about to be opened with all that comes with it; its number is given by the database. */
export interface Opening {
  readonly item: CaseItem;
  readonly requirements: readonly Requirement[];
  readonly tasks: readonly PlannedTask[];
  readonly transition?: WantedTransition | undefined;
}

export interface OpeningOrigin {
  readonly caseId: string;
  /** The id that the command for the stage will have. */
  readonly commandId: string;
  readonly openedBy: string;
  readonly now: Date;
}

/** What a person may say about the case that is opened. */
export interface OpeningWishes {
  readonly title?: string;
  readonly description?: string | undefined;
  readonly priority?: string | undefined;
  readonly dueAt?: Date | undefined;
}

/** What openings at one instant go by. */
export interface OpeningRules {
  readonly engines: ReadonlyMap<string, LeadingEngine>;
  readonly stages: StageTable;
  readonly dueInWorkingDays: (days: number) => Date;
}

interface Configuration {
  readonly engines: ReadonlyMap<string, LeadingEngine>;
  readonly stages: StageTable;
  readonly business: { readonly calendar: { dueInWorkingDays(from: Date, days: number): Date } };
}

/**
 * The rules for openings at this instant. A due date costs 35 µs, and a batch asks for the same few again and again.
 */
export function openingRules({ engines, stages, business }: Configuration, now: Date): OpeningRules {
  const known = new Map<number, Date>();
  const dueInWorkingDays = (days: number): Date => {
    const due = known.get(days) ?? business.calendar.dueInWorkingDays(now, days);
    known.set(days, due);
    return due;
  };
  return { engines, stages, dueInWorkingDays };
}

/** A case as its template opens it; undefined for a template of rules alone. */
export function openByTemplate(
  rules: OpeningRules,
  template: CaseTemplate,
  org: OrgFacts,
  origin: OpeningOrigin,
  wishes: OpeningWishes = {},
): Opening | undefined {
  if (!template.case) return undefined;
  const texts = textFacts(org);
  const plan = template.case;
  const transition = wantedTransition(rules.stages, template, org, origin.commandId);
  const item = newCase(origin, org.orgId, {
    caseType: plan.caseType,
    engine: plan.engine,
    phase: plan.phase,
    ownerRole: plan.role,
    ownerQueue: plan.queue,
    priority: wishes.priority ?? plan.priority,
    title: shortened(wishes.title ?? plan.title.render(texts)),
    description: wishes.description ?? plan.description?.render(texts),
    dueAt: wishes.dueAt,
    template: template.key,
    templateVersion: template.version,
    openingCommandId: transition?.commandId,
  });
  return {
    item,
    requirements: requirementsOf(item, rules.engines.get(plan.engine), template),
    tasks: plannedTasks(rules, template, org, item.caseId),
    transition,
  };
}

/** A case that no template knows, as a person asks for it. */
export function openByPerson(
  engine: LeadingEngine,
  caseType: string,
  orgId: string,
  origin: OpeningOrigin,
  wishes: OpeningWishes & { readonly title: string },
): Opening {
  const item = newCase(origin, orgId, {
    caseType,
    engine: engine.engine,
    phase: engine.phases[0]?.phase,
    ownerRole: engine.role,
    ownerQueue: engine.queue,
    priority: wishes.priority ?? 'NORMAL',
    title: wishes.title,
    description: wishes.description,
    dueAt: wishes.dueAt,
  });
  return { item, requirements: requirementsOf(item, engine), tasks: [] };
}

/** The tasks of a template within a case. */
function plannedTasks(
  rules: OpeningRules,
  template: CaseTemplate,
  org: OrgFacts,
  caseId: string,
): readonly PlannedTask[] {
  const texts = textFacts(org);
  return template.tasks.map((task) => plannedTask(rules, texts, ids.templateTask(caseId, task.key), task.key, task));
}

/** The task that a template or one of its rules asks for. */
export function plannedTask(rules: OpeningRules, texts: Facts, taskId: string, taskKey: string, task: WorkOfTemplate): PlannedTask {
  return {
    taskId,
    taskKey,
    taskType: task.taskType,
    title: shortened(task.title.render(texts)),
    description: task.description?.render(texts),
    queue: task.queue,
    role: task.role,
    priority: task.priority,
    dueAt: rules.dueInWorkingDays(task.dueInWorkingDays),
  };
}

/** The stage that a template asks for, unless the company is there already. */
export function wantedTransition(
  stages: StageTable,
  template: CaseTemplate,
  org: OrgFacts,
  commandId: string,
): WantedTransition | undefined {
  const { transition } = template;
  if (!transition || transition.to === org.currentStage) return undefined;
  // The same opening is a reactivation where work had ended, if the table knows that reason for the move.
  const ended = stages.stages.get(org.currentStage)?.status === 'inactive';
  const row = stages.find(org.currentStage, transition.to);
  const again = ended && row?.reasons.some((reason) => reason.code === REACTIVATED);
  return { commandId, from: org.currentStage, to: transition.to, reason: again ? REACTIVATED : transition.reason };
}

type Planned = Pick<CaseItem, 'caseType' | 'engine' | 'ownerRole' | 'ownerQueue' | 'priority' | 'title'> &
  Partial<CaseItem>;

function newCase(origin: OpeningOrigin, orgId: string, plan: Planned): CaseItem {
  const item = {
    ...plan,
    caseId: origin.caseId,
    number: 0,
    orgId,
    openedAt: origin.now,
    openedBy: origin.openedBy,
    returnCount: 0,
    escalated: false,
    outputsDemanded: false,
    version: 1,
    revision: 1,
    editedAt: origin.now,
    editedBy: origin.openedBy,
  };
  return { ...item, status: caseStatus(item, untouched, origin.now).status };
}

/** The outputs of every phase of an engine, and those of the template that opens the case. */
export function requirementsOf(
  { caseId, engine: name }: Pick<CaseItem, 'caseId' | 'engine'>,
  engine: LeadingEngine | undefined,
  template?: CaseTemplate,
): readonly Requirement[] {
  const ofEngine = (engine?.phases ?? []).flatMap(({ phase, outputs }) =>
    outputs.map((output) => ({ ...output, phase })),
  );
  const all: readonly (WantedOutput & { phase: string })[] = [...ofEngine, ...(template?.requiredOutputs ?? [])];
  return all.map((output, position) => ({
    requirementId: deriveId('case_requirement', caseId, name, output.phase, output.key),
    caseId,
    engine: name,
    phase: output.phase,
    position,
    key: output.key,
    outputType: output.type,
    descriptionDe: output.description.de,
    descriptionEn: output.description.en,
    mandatory: output.mandatory,
  }));
}

/** A company's long name must not make an event that nobody may read. */
function shortened(title: string): string {
  const characters = [...title.trim()];
  return characters.length <= MAX_TITLE ? characters.join('') : `${characters.slice(0, MAX_TITLE - 1).join('')}…`;
}

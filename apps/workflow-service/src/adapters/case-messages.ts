import {
  CancelCaseTasks,
  CancelOrgTasks,
  CaseClaimed,
  CaseClosed,
  CaseEscalated,
  CaseHandedOver,
  CaseNoteAdded,
  CaseOpened,
  CasePhaseChanged,
  CaseReleased,
  CaseRequirementFulfilled,
  CaseReturned,
  CaseStatusChanged,
  CaseUpdated,
  CreateTasks,
  TransitionStage,
} from '@tom/contracts/messages';
import type { Case, CaseNote } from '@tom/contracts/tom/workflow/v1/case';
import { assertNever } from '@tom/kernel';
import type { Draft } from '@tom/messaging';
import {
  type CaseEvent,
  type CaseItem,
  type CaseNoteItem,
  type CasePlace as Place,
  type CaseTemplate,
  type HandOver,
  type Opening,
  type Output,
  type PlannedTask,
  type Return,
  type RuleTask,
  START_RULE,
  type WantedTransition,
} from '@tom/workflow';

/** By whom, and by what of which template, a message was caused. */
export interface Attribution {
  readonly actor?: string;
  readonly template?: string;
  readonly templateVersion?: number;
  readonly rule?: string;
}

/** What a template does by itself. */
export function byTemplate(template: Pick<CaseTemplate, 'key' | 'version'>, rule: string): Attribution {
  return { actor: `template:${template.key}`, template: template.key, templateVersion: template.version, rule };
}

/** The case as events carry it. */
export function caseMessage(item: CaseItem): Case {
  return {
    caseId: item.caseId,
    number: String(item.number),
    orgId: item.orgId,
    caseType: item.caseType,
    engine: item.engine,
    phase: item.phase,
    status: item.status,
    ownerRole: item.ownerRole,
    ownerQueue: item.ownerQueue,
    owner: item.owner,
    priority: item.priority,
    title: item.title,
    description: item.description,
    dueAt: item.dueAt?.toISOString(),
    openedAt: item.openedAt.toISOString(),
    openedBy: item.openedBy,
    closedAt: item.closedAt?.toISOString(),
    outcomeCode: item.outcomeCode,
    outcomeNote: item.outcomeNote,
    template: item.template,
    templateVersion: item.templateVersion,
    returnCount: item.returnCount,
    version: item.version,
  };
}

export function noteMessage(note: CaseNoteItem): CaseNote {
  const { noteId, caseId, noteType, body, createdBy } = note;
  return { noteId, caseId, noteType, body, createdBy, createdAt: note.createdAt.toISOString() };
}

/** The messages that tell what happened to a case. */
export function caseDrafts(events: readonly CaseEvent[], attribution: Attribution = {}): Draft[] {
  return events.map((event) => {
    const { item } = event;
    const place = { ...attribution, aggregateId: item.caseId, orgId: item.orgId, revision: item.revision };
    return { ...place, ...content(event) };
  });
}

function content(event: CaseEvent): Pick<Draft, 'type' | 'data'> {
  const snapshot = { case: caseMessage(event.item) };
  switch (event.kind) {
    case 'opened':
      return { type: CaseOpened, data: snapshot };
    case 'updated':
      return { type: CaseUpdated, data: { ...snapshot, changedFields: [...event.changedFields] } };
    case 'claimed':
      return { type: CaseClaimed, data: { ...snapshot, claimedByRoles: [...event.roles] } };
    case 'released':
      return { type: CaseReleased, data: { ...snapshot, previousOwner: event.previousOwner } };
    case 'note_added':
      return { type: CaseNoteAdded, data: { ...snapshot, note: noteMessage(event.note) } };
    case 'status_changed':
      return { type: CaseStatusChanged, data: { ...snapshot, previousStatus: event.previousStatus } };
    case 'fulfilled':
      return { type: CaseRequirementFulfilled, data: { ...snapshot, ...fulfilment(event.output) } };
    case 'phase_changed':
      return { type: CasePhaseChanged, data: { ...snapshot, previousPhase: event.previousPhase } };
    case 'handed_over':
      return { type: CaseHandedOver, data: { ...snapshot, ...sending(event.handOver) } };
    case 'returned':
      return { type: CaseReturned, data: { ...snapshot, ...returning(event.returned) } };
    case 'escalated':
      return { type: CaseEscalated, data: { ...snapshot, reason: event.reason } };
    case 'closed':
      return { type: CaseClosed, data: snapshot };
    default:
      return assertNever(event);
  }
}

/** Which output was supplied; not its value, which may name a person and stays with the case. */
function fulfilment({ requirementId, key, descriptionDe, descriptionEn }: Output) {
  return { requirementId, key, description: { de: descriptionDe, en: descriptionEn } };
}

function sending({ id, from, goal }: HandOver) {
  return { handoverId: id, ...comingFrom(from), goal };
}

function returning({ id, from, reason }: Return) {
  return { returnId: id, ...comingFrom(from), reason };
}

function comingFrom({ engine, role, queue, phase }: Place) {
  return { fromEngine: engine, fromRole: role, fromQueue: queue, fromPhase: phase };
}

/** Everything that opening a case tells and asks for, in order: the case, its tasks, the stage. */
export function openingDrafts(
  opening: Opening,
  opener: Attribution,
  template: Pick<CaseTemplate, 'key' | 'version'> | undefined,
): Draft[] {
  const { item, tasks, transition } = opening;
  const drafts = caseDrafts([{ kind: 'opened', item }], opener);
  if (!template) return drafts;
  const starting = byTemplate(template, START_RULE);
  if (tasks.length > 0) {
    drafts.push({
      ...starting,
      type: CreateTasks,
      aggregateId: item.caseId,
      orgId: item.orgId,
      revision: 0,
      data: {
        orgId: item.orgId,
        caseId: item.caseId,
        tasks: tasks.map((task) => newTask(task, template, START_RULE)),
      },
    });
  }
  if (transition) drafts.push(transitionDraft(transition, item, starting));
  return drafts;
}

function newTask(task: PlannedTask, template: Pick<CaseTemplate, 'key' | 'version'>, rule: string, assignee?: string) {
  return {
    taskId: task.taskId,
    taskType: task.taskType,
    title: task.title,
    description: task.description,
    assignedQueue: task.queue,
    assigneeRole: task.role,
    assignee,
    priority: task.priority,
    dueAt: task.dueAt.toISOString(),
    dueIsEndOfDay: true,
    origin: 'TEMPLATE',
    source: { template: template.key, version: template.version, rule, taskKey: task.taskKey },
  };
}

/** Asks for the tasks of a rule, for its case or its company. */
export function ruleTasksDraft(
  tasks: readonly RuleTask[],
  place: { readonly orgId: string; readonly caseId?: string | undefined },
  template: Pick<CaseTemplate, 'key' | 'version'>,
  rule: string,
): Draft {
  const { orgId, caseId } = place;
  return {
    ...byTemplate(template, rule),
    type: CreateTasks,
    aggregateId: caseId ?? orgId,
    orgId,
    revision: 0,
    data: { orgId, caseId, tasks: tasks.map(({ task, assignee }) => newTask(task, template, rule, assignee)) },
  };
}

/** Asks for a stage on behalf of a case, or of a rule that looks at a company. */
export function transitionDraft(
  wanted: WantedTransition,
  { orgId, caseId }: { readonly orgId: string; readonly caseId?: string | undefined },
  attribution: Attribution,
): Draft {
  return {
    ...attribution,
    id: wanted.commandId,
    type: TransitionStage,
    aggregateId: orgId,
    orgId,
    revision: 0,
    data: { orgId, fromStage: wanted.from, toStage: wanted.to, reasonCode: wanted.reason, caseId },
  };
}

/** Ends open tasks of a case's template by type, while the case goes on. */
export function cancelTasksOfTypesDraft(
  item: CaseItem,
  cancel: { readonly commandId: string; readonly types: readonly string[] | undefined },
  attribution: Attribution,
): Draft {
  const { orgId, caseId } = item;
  const data = {
    orgId,
    caseId,
    reason: attribution.rule ?? 'RULE',
    knownOpenTaskIds: [],
    caseGoesOn: true,
    taskTypes: [...(cancel.types ?? [])],
  };
  return { ...attribution, id: cancel.commandId, type: CancelCaseTasks, aggregateId: caseId, orgId, revision: 0, data };
}

/** Ends what the template of a closed case still has open. */
export function cancelCaseTasksDraft(
  item: CaseItem,
  knownOpenTaskIds: readonly string[],
  attribution: Attribution,
): Draft {
  const data = {
    orgId: item.orgId,
    caseId: item.caseId,
    reason: 'CASE_CLOSED',
    knownOpenTaskIds: [...knownOpenTaskIds],
    caseGoesOn: false,
    taskTypes: [],
  };
  return { ...attribution, type: CancelCaseTasks, aggregateId: item.caseId, orgId: item.orgId, revision: 0, data };
}

/** Ends every open task of a company from before an instant. */
export function cancelOrgTasksDraft(
  org: { orgId: string; stage: string; before: string },
  knownOpenTaskIds: readonly string[],
  attribution: Attribution,
): Draft {
  const { orgId, stage, before } = org;
  const data = { orgId, before, reason: `ORG_${stage}`, knownOpenTaskIds: [...knownOpenTaskIds] };
  return { ...attribution, type: CancelOrgTasks, aggregateId: orgId, orgId, revision: 0, data };
}

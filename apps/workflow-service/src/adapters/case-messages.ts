import {
  CancelCaseTasks,
  CancelOrgTasks,
  CaseClaimed,
  CaseClosed,
  CaseNoteAdded,
  CaseOpened,
  CaseReleased,
  CaseStatusChanged,
  CaseUpdated,
  CreateTasks,
  TransitionStage,
} from '@tom/contracts/messages';
import type { Case, CaseNote } from '@tom/contracts/tom/workflow/v1/case';
import { assertNever } from '@tom/kernel';
import type { Draft } from '@tom/messaging';
import type { CaseEvent, CaseItem, CaseNoteItem } from '../domain/case.ts';
import { START_RULE } from '../domain/look.ts';
import type { Opening, WantedTransition } from '../domain/opening.ts';
import type { CaseTemplate } from '../domain/template.ts';

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
    case 'closed':
      return { type: CaseClosed, data: snapshot };
    default:
      return assertNever(event);
  }
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
        tasks: tasks.map((task) => ({
          taskId: task.taskId,
          taskType: task.taskType,
          title: task.title,
          description: task.description,
          assignedQueue: task.queue,
          assigneeRole: task.role,
          priority: task.priority,
          dueAt: task.dueAt.toISOString(),
          dueIsEndOfDay: true,
          origin: 'TEMPLATE',
          source: { template: template.key, version: template.version, rule: START_RULE, taskKey: task.taskKey },
        })),
      },
    });
  }
  if (transition) drafts.push(transitionDraft(transition, item, starting));
  return drafts;
}

/** Asks for a stage on behalf of a case. */
export function transitionDraft(wanted: WantedTransition, item: CaseItem, attribution: Attribution): Draft {
  return {
    ...attribution,
    id: wanted.commandId,
    type: TransitionStage,
    aggregateId: item.orgId,
    orgId: item.orgId,
    revision: 0,
    data: {
      orgId: item.orgId,
      fromStage: wanted.from,
      toStage: wanted.to,
      reasonCode: wanted.reason,
      caseId: item.caseId,
    },
  };
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

import type { CaseItem } from '../case.ts';
import { isOpen, openCases, type PlayedTask } from '../playback/company.ts';
import { taskEventTypes, type TaskEventType } from '../playback/messages.ts';
import type { Playback, Told } from '../playback/playback.ts';
import { instantIn, textOf, type ObservedEvent } from './observed.ts';

/** Who did what is not kept. */
const SOMEBODY = 'somebody';

/** By event, the rules that it did not meet although it happened: what the history lacks must not count against it. */
export type Forgiven = Map<string, ReadonlySet<string>>;

export interface ReplayOptions {
  /** The moves that people made are judged anew, on the table and the facts of this replay, but for what is forgiven. */
  readonly judged: boolean;
  readonly forgiven: Forgiven;
  /** A move that a person made, and the rules that now stand against it; none: it happened. */
  readonly onMove: (event: ObservedEvent, move: { readonly from: string | undefined; readonly to: string; readonly unmet: readonly string[] }) => void;
}

/**
 * Lets happen again in a playback what happened to a company. Given is what people and other systems did: companies,
 * their moves, activities, tasks of persons and activities, what became of tasks and cases in their hands. Derived anew is
 * what templates did: their cases, tasks and cancellations, the stages that they asked for, waiting and due dates.
 */
export function createReplay(playback: Playback, history: readonly ObservedEvent[], options: ReplayOptions) {
  const { company } = playback;
  const known = new Set(history.map(({ eventId }) => eventId));
  const typeOfCase = new Map(
    history.flatMap((event) => (event.type === 'CaseOpened' ? [[event.aggregateId, textOf(event, 'case_type')] as const] : [])),
  );

  /** The case as it is called here: by its id, else the open one of the same type, which another event may have opened. */
  function caseOf(caseId: string | undefined): CaseItem | undefined {
    if (caseId === undefined) return undefined;
    const type = typeOfCase.get(caseId);
    return company.cases.get(caseId) ?? openCases(company).find(({ caseType }) => caseType === type);
  }

  /** Caused by a command: of a template, or of the end of a case or company, which comes to pass here by itself. */
  const commanded = (event: ObservedEvent): boolean => event.causationId !== undefined && !known.has(event.causationId);

  function move(event: ObservedEvent, told: Told): void {
    const from = textOf(event, 'from_stage');
    const to = textOf(event, 'to_stage');
    if (to === undefined || (from !== undefined && event.causationId !== undefined)) return;
    if (!company.org) playback.place(event.at, { orgKind: textOf(event, 'org_kind') ?? '', currentStage: from ?? to });
    const unmet = from === undefined ? [] : unmetBy(event, from, to);
    options.onMove(event, { from, to, unmet });
    if (unmet.length > 0) return;
    const caseId = caseOf(event.caseId)?.caseId;
    const given = { fromStage: from, toStage: to, reasonCode: textOf(event, 'reason_code'), outcomeCode: textOf(event, 'outcome_code') };
    playback.tell(told, { type: 'OrgStageChanged', ...given, caseId });
  }

  function unmetBy(event: ObservedEvent, from: string, to: string): readonly string[] {
    const reasonCode = textOf(event, 'reason_code');
    const against =
      company.door.stage === from ? playback.judge(event.at, { to, reasonCode }) : ['STAGE_CHANGED'];
    if (!options.judged) {
      if (against.length > 0) options.forgiven.set(event.eventId, new Set(against));
      return [];
    }
    const forgiven = options.forgiven.get(event.eventId);
    return against.filter((rule) => !forgiven?.has(rule));
  }

  function activity(event: ObservedEvent, told: Told, type: 'ActivityLogged' | 'ActivityUpdated'): void {
    const before = company.activities.get(event.aggregateId);
    if (type === 'ActivityUpdated' && !before) return;
    playback.tell(told, {
      type,
      activity: {
        activityId: event.aggregateId,
        caseId: caseOf(event.caseId)?.caseId,
        activityType: textOf(event, 'activity_type') ?? '',
        direction: textOf(event, 'direction'),
        outcomeCode: textOf(event, 'outcome_code'),
        occurredAt: instantIn(event, 'occurred_at') ?? event.at,
        followUpAt: instantIn(event, 'follow_up_at'),
        createdBy: SOMEBODY,
        loggedAt: before?.loggedAt ?? event.at,
      },
    });
  }

  function task(event: ObservedEvent, told: Told, type: TaskEventType): void {
    const status = textOf(event, 'status') ?? 'OPEN';
    if (textOf(event, 'origin') === 'TEMPLATE') {
      // When it comes to be and when it is late follow here.
      if (type === 'TaskCreated' || type === 'TaskBecameOverdue' || (type === 'TaskCancelled' && commanded(event))) return;
      const mine = templateTask(event);
      if (!mine || isOpen(mine) === (type === 'TaskReopened')) return;
      playback.tell(told, { type, task: { ...mine, status, ...changeBy(event, type) } });
      return;
    }
    if (type === 'TaskCancelled' && commanded(event)) return;
    const before = company.tasks.get(event.aggregateId);
    playback.tell(told, {
      type,
      task: {
        taskId: event.aggregateId,
        caseId: caseOf(event.caseId)?.caseId,
        taskType: textOf(event, 'task_type') ?? '',
        role: textOf(event, 'role') ?? '',
        queue: textOf(event, 'queue') ?? '',
        origin: textOf(event, 'origin') ?? 'PERSON',
        status,
        waitingFor: textOf(event, 'waiting_for'),
        priority: textOf(event, 'priority') ?? 'NORMAL',
        dueAt: instantIn(event, 'due_at'),
        createdAt: before?.createdAt ?? event.at,
      },
    });
  }

  /** The task that a person worked on: by its id, else the same of the case, for another event may have created it. */
  function templateTask(event: ObservedEvent): PlayedTask | undefined {
    const caseId = caseOf(event.caseId)?.caseId;
    const key = textOf(event, 'task_key');
    return (
      company.tasks.get(event.aggregateId) ??
      [...company.tasks.values()].find((other) => other.caseId === caseId && other.taskKey === key && isOpen(other))
    );
  }

  function opened(event: ObservedEvent, told: Told): void {
    if (event.causationId !== undefined) return;
    const key = textOf(event, 'template');
    const template = key === undefined ? undefined : playback.currentOf(key);
    if (template) playback.start(told, template, { caseId: event.aggregateId });
    else if (key === undefined) {
      const given = { caseType: textOf(event, 'case_type') ?? '', engine: textOf(event, 'engine') ?? '' };
      playback.open(told, { caseId: event.aggregateId, ...given });
    }
  }

  /** The next event of the history, after everything that time brought about before it. */
  return (event: ObservedEvent): void => {
    playback.advance(event.at);
    const told: Told = { id: event.eventId, at: event.at, actor: `user:${SOMEBODY}`, depth: 0 };
    const item = caseOf(event.caseId);
    switch (event.type) {
      case 'OrgCreated':
      case 'OrgUpdated':
        return playback.tell(told, { type: event.type, org: { orgKind: textOf(event, 'org_kind') ?? company.org?.orgKind ?? '' } });
      case 'OrgStageChanged':
        return move(event, told);
      case 'ActivityLogged':
      case 'ActivityUpdated':
        return activity(event, told, event.type);
      case 'ActivityDeleted':
        return playback.tell(told, { type: 'ActivityDeleted', activityId: event.aggregateId });
      case 'CaseOpened':
        return opened(event, told);
      case 'CaseClaimed': {
        const roles = textOf(event, 'roles')?.split(',') ?? [];
        if (item && !item.closedAt) playback.claim(told, item, { id: SOMEBODY, roles });
        return;
      }
      case 'CaseReleased':
        if (item && event.causationId === undefined) playback.release(told, item);
        return;
      case 'CaseClosed':
        if (item && event.causationId === undefined) playback.close(told, item, textOf(event, 'outcome_code') ?? 'CANCELLED');
        return;
      default:
        if (isTaskEvent(event.type)) task(event, told, event.type);
    }
  };
}

function isTaskEvent(type: string): type is TaskEventType {
  return (taskEventTypes as readonly string[]).includes(type);
}

/** What a person changed about a template's task; all else is as the template has it. */
function changeBy(event: ObservedEvent, type: TaskEventType): Partial<PlayedTask> {
  if (type === 'TaskUpdated') return { waitingFor: textOf(event, 'waiting_for') };
  if (type === 'TaskRescheduled') return { dueAt: instantIn(event, 'due_at') };
  if (type !== 'TaskReassigned') return {};
  const queue = textOf(event, 'queue');
  const role = textOf(event, 'role');
  return { ...(queue !== undefined && { queue }), ...(role !== undefined && { role }) };
}

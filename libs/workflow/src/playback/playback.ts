import type { Template } from '@tom/catalog';
import { assertNever, deriveId, type UnmetRule } from '@tom/kernel';
import { claim, close, release, withStatus, type CaseDecision, type CaseItem } from '../case.ts';
import { roleOfClaim } from '../claim-role.ts';
import {
  activityFields,
  caseFields,
  claimFields,
  closedFields,
  escalatedFields,
  openedFields,
  phaseFields,
  releasedFields,
  statusFields,
  taskEventsOfRules,
  taskFields,
} from '../event-fields.ts';
import { openByPerson, openByTemplate, openingRules, type OpeningOrigin } from '../opening.ts';
import { changeCase, recomputeStatus, runTriggers, storeOpening, workOf } from './cases.ts';
import { isOpen, newCompany, openCases, type Company, type PlayedTask } from './company.ts';
import {
  enterStage,
  judgeMove,
  moved,
  onCancelCaseTasks,
  onCancelOrgTasks,
  onCreateTasks,
  onStageRefused,
  onTransitionStage,
  type AskedMove,
} from './door.ts';
import type { CaseEventMessage, Cause, Message, ToldEvent, ToldOrg } from './messages.ts';
import { runRules, runWaitingRule, type Occasion } from './rules.ts';
import { createQueue, rulesOf, type PlaybackOptions, type Rulebook, type Run } from './run.ts';
import { onStageChanged } from './stage.ts';

/** One company, played through in memory. Every call carries out everything that follows from it before it returns. */
export interface Playback {
  readonly company: Readonly<Company>;
  /** Which rules would stand against a move of the company at this instant. */
  judge(at: Date, move: AskedMove): readonly string[];
  /** The template in force. */
  currentOf(key: string): Template | undefined;
  /** Other templates and stages from now on; a running case keeps the template that it was opened with. */
  use(rulebook: Rulebook): void;
  /** The company as it is at this instant, without anything that would follow from it. */
  place(at: Date, org: ToldOrg & { readonly currentStage: string; readonly wasCustomer?: boolean }): void;
  /** Something that its owner has decided: it happened. */
  tell(cause: Told, event: ToldEvent): void;
  /** A person wants to move the company: the rules that it does not meet; none: it moved. */
  move(cause: Told, move: AskedMove): readonly UnmetRule[];
  /** A person starts a template, whatever its trigger says; false when its case is open already, or it is not for this kind. */
  start(cause: Told, template: Template, ids?: Partial<Pick<OpeningOrigin, 'caseId' | 'commandId'>>): boolean;
  /** A person opens a case that no template knows. */
  open(cause: Told, given: { readonly caseId: string; readonly caseType: string; readonly engine: string }): void;
  /** False when somebody else has it. */
  claim(cause: Told, item: CaseItem, person: { readonly id: string; readonly roles: readonly string[] }): boolean;
  release(cause: Told, item: CaseItem): void;
  /** With an outcome that leaves the company where it is. */
  close(cause: Told, item: CaseItem, outcome: string): void;
  /** Lets time pass: waiting rules, due dates of cases and of template tasks, in the order in which they come. */
  advance(to: Date): void;
}

/** A cause from outside. */
export type Told = Omit<Cause, 'by'>;

/** Starts with a company that nothing is known of, under these templates and stages. */
export function createPlayback(orgId: string, rulebook: Rulebook, options: PlaybackOptions): Playback {
  const company = newCompany(orgId);
  const queue = createQueue();
  let rules = rulesOf(rulebook);
  const overdueTold = new Map<string, number>();
  const run: Run = {
    company,
    options,
    get rules() {
      return rules;
    },
    emit: queue.emit,
    record: ({ at, ...cause }, told, by) => {
      const { id, type } = cause.from ?? cause;
      options.record({ ...told, because: { eventId: id, event: type, at, by } } as never);
    },
  };

  function settle(): void {
    for (let message = queue.next(); message; message = queue.next()) take(message);
  }

  function take(message: Message): void {
    options.handled?.(message);
    handle(run, message);
  }

  function through(message: Message): void {
    take(message);
    settle();
  }

  /** What a person does to a case: decided, its status computed, told. */
  function onCase(cause: Told, type: Message['type'], decision: CaseDecision): void {
    if (decision.events.length === 0) return;
    const doing = { ...behind(cause), type } as Message;
    changeCase(run, doing, withStatus(decision, workOf(run, decision.next), cause.at), { id: cause.id });
    settle();
  }

  /** The next thing that time alone brings about, at the latest at this instant. */
  function nextDue(to: Date): { readonly at: Date; readonly act: () => void } | undefined {
    let found: { readonly at: Date; readonly act: () => void } | undefined;
    const consider = (at: Date | undefined, act: (at: Date) => void): void => {
      if (at && at <= to && (!found || at < found.at)) found = { at, act: () => act(at) };
    };
    for (const [key, timer] of company.timers) {
      consider(timer.dueAt, (at) => {
        company.timers.delete(key);
        const { placeId, template, rule, event } = timer;
        const id = deriveId('timer', placeId, template, rule, event.id, at.toISOString());
        const cause = { id, at, depth: event.depth, actor: event.actor, type: event.type } as Message;
        runWaitingRule(run, cause, timer);
      });
    }
    for (const item of openCases(company)) {
      if (item.status === 'ESCALATED' || item.status === 'BLOCKED') continue;
      consider(item.dueAt, (at) => {
        const cause = { ...byTime(at, item.caseId), type: 'CaseStatusChanged' } as Message;
        const decision = withStatus({ next: item, events: [] }, workOf(run, item), at);
        if (decision.events.length > 0) changeCase(run, cause, decision);
      });
    }
    for (const task of company.tasks.values()) {
      const told = options.overdueTold && task.origin !== 'TEMPLATE';
      if (told || !isOpen(task) || !task.dueAt || overdueTold.get(task.taskId) === task.dueAt.getTime()) continue;
      consider(task.dueAt, (at) => {
        overdueTold.set(task.taskId, at.getTime());
        take({ ...byTime(at, task.taskId), type: 'TaskBecameOverdue', task });
      });
    }
    return found;
  }

  return {
    company,
    judge: (at, move) => judgeMove(run, at, move).unmet.map(({ rule }) => rule),
    currentOf: (key) => rules.currentOf(key),
    use: (changed) => {
      rules = rulesOf(changed);
    },
    place: (at, { wasCustomer = false, ...org }) => {
      company.door = { stage: org.currentStage, since: at, wasCustomer };
      const status = rules.catalog.stages.stages.get(org.currentStage)?.status ?? '';
      company.org = { ...org, orgId, status, stageSince: at };
    },
    tell: (cause, event) => {
      if (event.type === 'OrgStageChanged') enterStage(run, event.toStage, cause.at);
      through({ ...cause, ...event });
    },
    move: (cause, move) => {
      const { row, unmet } = judgeMove(run, cause.at, move);
      const from = company.door.stage;
      const codes = unmet.map(({ rule }) => rule);
      run.record({ ...cause, type: 'OrgStageChanged' }, { kind: 'transition', from, to: move.to, reason: move.reasonCode, unmet: codes });
      if (!row || unmet.length > 0) return unmet;
      const event = moved(run, row, move);
      enterStage(run, row.to, cause.at);
      through({ ...cause, ...event });
      return [];
    },
    start: (cause, template, ids) => {
      const { org } = company;
      if (!org?.currentStage || !template.orgKinds.has(org.orgKind)) return false;
      const origin = {
        caseId: ids?.caseId ?? deriveId('played_case', cause.id),
        commandId: ids?.commandId ?? deriveId('played_command', cause.id),
        openedBy: cause.actor,
        now: cause.at,
      };
      const opening = openByTemplate(openingRules(rules.catalog, cause.at), template, org, origin);
      if (!opening || openCases(company).some(({ caseType }) => caseType === opening.item.caseType)) return false;
      storeOpening(run, { ...behind(cause), type: 'CaseOpened', item: opening.item }, opening, template, cause.id);
      settle();
      return true;
    },
    open: (cause, { caseId, caseType, engine }) => {
      const leading = rules.catalog.engines.get(engine);
      if (!leading || openCases(company).some((other) => other.caseType === caseType)) return;
      const origin = { caseId, commandId: deriveId('played_command', cause.id), openedBy: cause.actor, now: cause.at };
      const { item, requirements } = openByPerson(leading, caseType, company.orgId, origin, { title: caseType });
      company.cases.set(caseId, item);
      company.outputs.set(caseId, requirements.map((output) => ({ ...output, demanded: false })));
      through({ ...cause, type: 'CaseOpened', item });
    },
    claim: (cause, item, { id, roles }) => {
      if (item.owner !== undefined && item.owner !== id) return false;
      const role = roleOfClaim(rules.catalog, item.ownerRole, roles);
      onCase(cause, 'CaseClaimed', claim(item, { id, role, roles }, cause.at));
      return true;
    },
    release: (cause, item) => onCase(cause, 'CaseReleased', release(item)),
    close: (cause, item, outcome) => {
      run.emit(behind(cause), { type: 'CancelCaseTasks', caseId: item.caseId, types: [], caseGoesOn: false }, item.caseId);
      onCase(cause, 'CaseClosed', close(item, { code: outcome }, cause.at));
      settle();
    },
    advance: (to) => {
      for (let due = nextDue(to); due; due = nextDue(to)) {
        due.act();
        settle();
      }
    },
  };
}

/** What a person does is told by events that have no cause: theirs is the id, and depth 0. */
function behind(cause: Told): Told {
  return { ...cause, depth: cause.depth - 1 };
}

function byTime(at: Date, id: string): Told {
  return { id: deriveId('played_time', id, at.toISOString()), at, actor: 'service:playback', depth: 0 };
}

/** The counterpart of subscriptions.ts, and of what the owners of stages and tasks do on a command. */
function handle(run: Run, message: Message): void {
  const { company } = run;
  switch (message.type) {
    case 'OrgCreated':
    case 'OrgUpdated': {
      const known = company.org ?? { orgId: company.orgId, status: '', currentStage: company.door.stage, stageSince: company.door.since };
      company.org = { ...known, ...message.org };
      return;
    }
    case 'OrgStageChanged':
      return onStageChanged(run, message);
    case 'StageTransitionRefused':
      return onStageRefused(run, message);
    case 'TransitionStage':
      return onTransitionStage(run, message);
    case 'ActivityLogged': {
      const { activity } = message;
      company.activities.set(activity.activityId, activity);
      recomputeStatus(run, message, activity.caseId);
      const { activityId, caseId } = activity;
      return look(run, message, { type: message.type, caseId, activityId, fields: activityFields(activity) });
    }
    case 'ActivityUpdated': {
      const before = company.activities.get(message.activity.activityId);
      company.activities.set(message.activity.activityId, message.activity);
      for (const caseId of new Set([before?.caseId, message.activity.caseId])) recomputeStatus(run, message, caseId);
      return;
    }
    case 'ActivityDeleted': {
      const before = company.activities.get(message.activityId);
      company.activities.delete(message.activityId);
      return recomputeStatus(run, message, before?.caseId);
    }
    case 'CreateTasks':
      return onCreateTasks(run, message);
    case 'CancelCaseTasks':
      return onCancelCaseTasks(run, message);
    case 'CancelOrgTasks':
      return onCancelOrgTasks(run, message);
    case 'CaseClaimed': {
      const { item, roles } = message;
      const fields = claimFields(run.rules.catalog, item, roles, message.actor);
      const holds = (present: CaseItem): boolean => present.owner === item.owner;
      return look(run, message, { type: message.type, caseId: item.caseId, fields, holds });
    }
    case 'CaseOpened':
    case 'CaseReleased':
    case 'CasePhaseChanged':
    case 'CaseStatusChanged':
    case 'CaseEscalated':
    case 'CaseClosed': {
      const { item } = message;
      const fields = { ...caseFields(item), ...fieldsOf({ ...message, case: item }) };
      return look(run, message, { type: message.type, caseId: item.caseId, fields });
    }
    case 'TaskCreated':
    case 'TaskUpdated':
    case 'TaskClaimed':
    case 'TaskReleased':
    case 'TaskStarted':
    case 'TaskReassigned':
    case 'TaskRescheduled':
    case 'TaskCompleted':
    case 'TaskCancelled':
    case 'TaskReopened':
    case 'TaskBecameOverdue':
      return onTask(run, message, message.task);
    default:
      return assertNever(message);
  }
}

function fieldsOf(event: CaseEventMessage & { readonly case: CaseItem }) {
  switch (event.type) {
    case 'CaseOpened':
      return openedFields(event);
    case 'CaseReleased':
      return releasedFields(event, event.actor);
    case 'CasePhaseChanged':
      return phaseFields(event);
    case 'CaseStatusChanged':
      return statusFields(event);
    case 'CaseEscalated':
      return escalatedFields(event);
    case 'CaseClosed':
      return closedFields(event);
    default:
      return assertNever(event);
  }
}

function onTask(run: Run, message: Message, task: PlayedTask): void {
  run.company.tasks.set(task.taskId, task);
  run.company.cancelling.delete(task.taskId);
  recomputeStatus(run, message, task.caseId);
  if (!taskEventsOfRules.has(message.type)) return;
  look(run, message, { type: message.type, caseId: task.caseId, fields: taskFields(task, message.actor) });
}

function look(run: Run, message: Message, occasion: Occasion): void {
  runTriggers(run, message, occasion.fields);
  runRules(run, message, [occasion]);
}

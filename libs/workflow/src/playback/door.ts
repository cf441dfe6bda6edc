import type { StageTransition } from '@tom/catalog';
import type { UnmetRule } from '@tom/kernel';
import { evaluateGuard } from '@tom/rules';
import { closedBy, notAllowed, outcomesOfOtherRows } from '../stage-door.ts';
import { undoOpening } from '../undo-opening.ts';
import { changeCase } from './cases.ts';
import { closableCases, factsAtDoor, isOpen, openCases, type PlayedTask } from './company.ts';
import type { Message } from './messages.ts';
import type { Run } from './run.ts';

// What the owners of stages and tasks answer to the commands of a workflow.

type Of<T extends Message['type']> = Extract<Message, { readonly type: T }>;

/** A move that somebody asks for. */
export interface AskedMove {
  readonly to: string;
  readonly reasonCode?: string | undefined;
  readonly outcomeCode?: string | undefined;
  readonly caseId?: string | undefined;
}

export interface JudgedMove {
  readonly row: StageTransition | undefined;
  readonly unmet: readonly UnmetRule[];
}

/** Judges a move of the company from the stage that it is in, on the facts of this instant. */
export function judgeMove(run: Run, at: Date, move: AskedMove): JudgedMove {
  const { company, rules } = run;
  const from = company.door.stage;
  const row = rules.catalog.stages.find(from, move.to);
  if (!row) return { row, unmet: [notAllowed(from, move.to)] };
  if (!company.org) return { row, unmet: [] };
  const request = { reasonCode: move.reasonCode ?? row.defaultReason };
  return { row, unmet: evaluateGuard(row.guard, factsAtDoor(company, company.org, request, rules.catalog, at)).unmet };
}

/** What a move tells: the stage that was left, the reason, the case that it closes with which outcome. */
export function moved(run: Run, row: StageTransition, move: AskedMove) {
  const { stages } = run.rules.catalog;
  const closes = closedBy(closableCases(run.company, run.rules.catalog), row, move, outcomesOfOtherRows(stages.transitions, row));
  return {
    type: 'OrgStageChanged' as const,
    fromStage: row.from,
    toStage: row.to,
    reasonCode: move.reasonCode ?? row.defaultReason,
    outcomeCode: closes?.outcomeCode,
    caseId: closes?.caseId ?? move.caseId,
  };
}

/** The company is in another stage from this instant on; rules see it with the event. */
export function enterStage({ company }: Run, stage: string, at: Date): void {
  const wasCustomer = company.door.wasCustomer || stage === 'CUSTOMER';
  company.door = { stage, since: at, wasCustomer };
}

/** A template asks for a stage: already there is nothing, too late or unmet is refused. */
export function onTransitionStage(run: Run, cause: Of<'TransitionStage'>): void {
  const { company } = run;
  const { wanted, caseId, by } = cause;
  if (company.door.stage === wanted.to) return;
  const move = { to: wanted.to, reasonCode: wanted.reason, caseId };
  const late = company.door.stage !== wanted.from;
  const { row, unmet } = late ? { row: undefined, unmet: [] } : judgeMove(run, cause.at, move);
  const codes = late ? ['STAGE_CHANGED'] : unmet.map(({ rule }) => rule);
  run.record(cause, { kind: 'transition', from: wanted.from, to: wanted.to, reason: wanted.reason, unmet: codes }, by);
  if (row && codes.length === 0) {
    const event = moved(run, row, move);
    enterStage(run, row.to, cause.at);
    run.emit(cause, event, company.orgId, { by });
    return;
  }
  const refused = {
    type: 'StageTransitionRefused' as const,
    fromStage: wanted.from,
    toStage: wanted.to,
    code: late ? 'STAGE_CHANGED' : 'RULES_UNMET',
    currentStage: company.door.stage,
    commandId: cause.id,
  };
  run.emit(cause, refused, company.orgId, { by });
}

/** The case that asked for the stage, and opened for it, is taken back. */
export function onStageRefused(run: Run, cause: Of<'StageTransitionRefused'>): void {
  const opened = openCases(run.company).find((item) => item.openingCommandId === cause.commandId);
  if (!opened) return;
  changeCase(run, cause, undoOpening(opened, cause.id, cause, cause.at).decision);
  run.emit(cause, { type: 'CancelCaseTasks', caseId: opened.caseId, types: [], caseGoesOn: false }, opened.caseId);
}

/** Tasks come to be as they were asked for; those of a case that is over are born cancelled. */
export function onCreateTasks(run: Run, cause: Of<'CreateTasks'>): void {
  const { company } = run;
  const over = cause.caseId !== undefined && company.cases.get(cause.caseId)?.closedAt !== undefined;
  for (const { task } of cause.tasks) {
    const known = company.tasks.get(task.taskId);
    if (!known) continue;
    run.record(cause, { kind: 'task_created', task: known }, cause.by);
    run.emit(cause, { type: 'TaskCreated', task: known }, task.taskId);
    if (over) cancel(run, cause, known);
  }
}

/** What the template of a case has still open, of these types; none named: all. */
export function onCancelCaseTasks(run: Run, cause: Of<'CancelCaseTasks'>): void {
  const meant = [...run.company.tasks.values()].filter(
    (task) => task.caseId === cause.caseId && task.origin === 'TEMPLATE' && isOpen(task),
  );
  for (const task of meant) if (cause.types.length === 0 || cause.types.includes(task.taskType)) cancel(run, cause, task);
}

/** Every open task of the company. */
export function onCancelOrgTasks(run: Run, cause: Of<'CancelOrgTasks'>): void {
  for (const task of run.company.tasks.values()) if (isOpen(task)) cancel(run, cause, task);
}

function cancel(run: Run, cause: Message, task: PlayedTask): void {
  if (run.company.cancelling.has(task.taskId)) return;
  run.company.cancelling.add(task.taskId);
  run.record(cause, { kind: 'task_cancelled', task }, cause.by);
  run.emit(cause, { type: 'TaskCancelled', task: { ...task, status: 'CANCELLED' } }, task.taskId);
}

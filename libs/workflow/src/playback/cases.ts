import type { Template } from '@tom/catalog';
import { withStatus, type CaseDecision, type CaseEvent, type CaseItem } from '../case.ts';
import { factsAt, lookAtTrigger, START_RULE } from '../look.ts';
import { openByTemplate, openingRules, type Opening, type PlannedTask } from '../opening.ts';
import type { OrgFacts } from '../org.ts';
import { joinOpenCase, startOrigin } from '../start.ts';
import type { Facts } from '../template.ts';
import { openCases, workFacts, type PlayedTask } from './company.ts';
import type { ByTemplate, Message } from './messages.ts';
import type { Run } from './run.ts';

/** By which rule of which template something is done. */
export function byRule(template: Pick<Template, 'key' | 'version'>, rule: string): ByTemplate {
  return { template: template.key, version: template.version, rule };
}

export const actorOf = (template: Pick<Template, 'key'>): string => `template:${template.key}`;

/** Of whom what happens to a case comes, and what else is told about it. */
export interface Telling {
  readonly by?: ByTemplate | undefined;
  readonly escalation?: string | undefined;
  /** The id of the first event; without it the ids follow from the cause. */
  readonly id?: string;
}

/** Stores what a case has become and tells what happened to it. */
export function changeCase(run: Run, cause: Message, decision: CaseDecision, { id, ...telling }: Telling = {}): void {
  run.company.cases.set(decision.next.caseId, decision.next);
  decision.events.forEach((event, index) => tellCaseEvent(run, cause, event, { ...telling, ...(index === 0 && id !== undefined && { id }) }));
}

function tellCaseEvent(run: Run, cause: Message, event: CaseEvent, { by, escalation, id }: Telling): void {
  const { item } = event;
  const given = { ...(by && { by, actor: `template:${by.template}` }), ...(id !== undefined && { id }) };
  switch (event.kind) {
    case 'opened':
      run.record(cause, { kind: 'case_opened', item }, by);
      run.emit(cause, { type: 'CaseOpened', item }, item.caseId, given);
      return;
    case 'claimed':
      run.emit(cause, { type: 'CaseClaimed', item, roles: event.roles }, item.caseId, given);
      return;
    case 'released':
      run.emit(cause, { type: 'CaseReleased', item, previousOwner: event.previousOwner }, item.caseId, given);
      return;
    case 'status_changed':
      run.emit(cause, { type: 'CaseStatusChanged', item, previousStatus: event.previousStatus }, item.caseId, given);
      return;
    case 'closed':
      run.record(cause, { kind: 'case_closed', item }, by);
      run.emit(cause, { type: 'CaseClosed', item }, item.caseId, given);
      return;
    case 'escalated':
      run.record(cause, { kind: 'escalated', item, reason: escalation ?? event.reason }, by);
      run.emit(cause, { type: 'CaseEscalated', item, reason: escalation ?? event.reason }, item.caseId, given);
      return;
    case 'phase_changed':
      run.emit(cause, { type: 'CasePhaseChanged', item, previousPhase: event.previousPhase }, item.caseId, given);
      return;
    case 'note_added':
      run.record(cause, { kind: 'note_added', item, body: event.note.body }, by);
      return;
    default:
      // No rule can name an edit; the rest is done by persons, of whom a playback knows no more than that it was done.
      return;
  }
}

/** What the status of a case is computed from. */
export function workOf({ company, options }: Run, item: CaseItem) {
  return workFacts(company, item, options.outputsAssumed ?? false);
}

/** Computes the status of an open case anew and tells when it differs. */
export function recomputeStatus(run: Run, cause: Message, caseId: string | undefined): void {
  const item = caseId === undefined ? undefined : run.company.cases.get(caseId);
  if (!item || item.closedAt) return;
  const decision = withStatus({ next: item, events: [] }, workOf(run, item), cause.at);
  if (decision.events.length > 0) changeCase(run, cause, decision);
}

/** Opens the cases of templates that an event starts; joins those that are open already. */
export function startTemplates(run: Run, cause: Message, org: OrgFacts, templates: readonly Template[]): void {
  const { company, rules } = run;
  const opening = openingRules(rules.catalog, cause.at);
  for (const template of templates) {
    const planned = openByTemplate(opening, template, org, startOrigin(cause.id, template, cause.at));
    if (!planned) continue;
    const open = openCases(company);
    const taken = company.cases.has(planned.item.caseId) || open.some(({ caseType }) => caseType === planned.item.caseType);
    if (!taken) storeOpening(run, cause, planned, template);
    else {
      const joined = joinOpenCase(rules.catalog.stages, template, cause.id, org, planned.item, open);
      if (joined) askForStage(run, cause, joined.transition, joined.joined.caseId, template, START_RULE);
    }
  }
}

/** A case with all that comes with it: its tasks and the stage that it wants. */
export function storeOpening(run: Run, cause: Message, { item, ...opening }: Opening, template: Template, id?: string): void {
  const { company } = run;
  const opened = { ...item, number: company.cases.size + 1 };
  company.cases.set(item.caseId, opened);
  company.templateOf.set(item.caseId, template);
  company.outputs.set(item.caseId, opening.requirements.map((output) => ({ ...output, demanded: false })));
  const by = byRule(template, START_RULE);
  changeCase(run, cause, { next: opened, events: [{ kind: 'opened', item: opened }] }, { by, ...(id !== undefined && { id }) });
  const tasks = opening.tasks.map((task) => ({ task, assignee: undefined }));
  for (const { task } of tasks) company.tasks.set(task.taskId, playedTask(task, item.caseId, undefined, cause.at));
  if (tasks.length > 0) {
    const given = { by, actor: actorOf(template) };
    run.emit(cause, { type: 'CreateTasks', caseId: item.caseId, tasks }, item.caseId, given);
  }
  if (opening.transition) askForStage(run, cause, opening.transition, item.caseId, template, START_RULE);
}

/** A task that a template asks for, known as open at once. */
export function playedTask(task: PlannedTask, caseId: string | undefined, assignee: string | undefined, createdAt: Date): PlayedTask {
  const { taskId, taskType, taskKey, title, role, queue, priority, dueAt } = task;
  return { taskId, caseId, taskType, taskKey, title, role, queue, origin: 'TEMPLATE', status: 'OPEN', priority, assignee, dueAt, createdAt };
}

export function askForStage(
  run: Run,
  cause: Message,
  wanted: NonNullable<Opening['transition']>,
  caseId: string | undefined,
  template: Template,
  rule: string,
): void {
  const given = { id: wanted.commandId, by: byRule(template, rule), actor: actorOf(template) };
  run.emit(cause, { type: 'TransitionStage', wanted, caseId }, run.company.orgId, given);
}

/** Lets the triggers on an event look at it, and starts what fires. */
export function runTriggers(run: Run, cause: Message, fields: Facts): void {
  const { company, rules } = run;
  const templates = rules.triggeredBy(cause.type);
  const { org } = company;
  if (templates.length === 0 || !org) return;
  const facts = factsAt({ type: cause.type, fields }, org, openCases(company));
  const seen = templates.map((template) => lookAtTrigger(template, cause.id, org, facts, false));
  for (const evaluation of seen) run.record(cause, { kind: 'looked', evaluation });
  startTemplates(run, cause, org, templates.filter((_, index) => seen[index]?.fired));
}

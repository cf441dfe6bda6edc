import type { Template, TemplateRule } from '@tom/catalog';
import { withStatus, type CaseItem } from '../case.ts';
import type { Evaluation, Obstacle, Place } from '../look.ts';
import { openingRules } from '../opening.ts';
import { judgeRule, looksAt, restartsOf, RULE_BUDGET, waitingOf, type SeenEvent, type Waiting } from '../rule-look.ts';
import { ruleEffects } from '../rule-effects.ts';
import type { Facts } from '../template.ts';
import { untouched } from '../case-status.ts';
import { actorOf, askForStage, byRule, changeCase, playedTask, startTemplates, workOf } from './cases.ts';
import { callsInRow, nextSteps, openCases, type PlayedTimer } from './company.ts';
import type { Message } from './messages.ts';
import type { Run } from './run.ts';

/** Where rules look at a message, and what they read of it. */
export interface Occasion {
  /** The message's own type, or that of the event that a rule has waited after. */
  readonly type: string;
  readonly caseId?: string | undefined;
  readonly fields: Facts;
  readonly ofCaseOnly?: boolean;
  readonly holds?: (item: CaseItem) => boolean;
  /** The activity that was logged. */
  readonly activityId?: string;
}

interface Judged {
  readonly template: Template;
  readonly rule: TemplateRule;
  readonly place: Place;
  readonly occasion: Occasion;
  readonly seen: Evaluation;
}

/** Lets rules look at a message: all judge before any acts. */
export function runRules(run: Run, cause: Message, occasions: readonly Occasion[]): void {
  const { calendar } = run.rules.catalog.business;
  const looks = occasions.flatMap((occasion) => looksOf(run, occasion).map((look) => ({ ...look, occasion })));
  for (const { template, place, occasion } of looks) {
    for (const restart of restartsOf(template, { type: occasion.type, at: cause.at }, place, calendar)) restartTimer(run, restart);
  }
  const judged = looks.flatMap(({ template, place, occasion }) =>
    template.rules
      .filter((rule) => rule.on === occasion.type)
      .map((rule) => ({ template, rule, place, occasion, seen: judge(run, cause, { template, rule, place, occasion }) })),
  );
  for (const each of judged) if (each.seen.fired && each.rule.after) setTimer(run, cause, each);
  const obstacles = carryOut(run, cause, judged.filter(({ seen, rule }) => seen.fired && !rule.after));
  for (const each of judged) note(run, cause, each, obstacles.get(each), each.rule.after !== undefined);
}

/** A rule whose waiting is over: judged anew on the facts of now, then carried out. */
export function runWaitingRule(run: Run, cause: Message, timer: PlayedTimer): void {
  const occasion = { type: timer.event.type, caseId: timer.caseId, fields: timer.fields };
  const look = looksOf(run, occasion).find(({ template }) => template.key === timer.template);
  const rule = timer.templateVersion.rules.find(({ key }) => key === timer.rule);
  if (!look || !rule) return;
  const seen = judge(run, cause, { ...look, rule, occasion });
  const judged = { ...look, rule, occasion, seen };
  note(run, cause, judged, seen.fired ? carryOut(run, cause, [judged]).get(judged) : undefined);
}

function looksOf({ company, rules }: Run, occasion: Occasion) {
  const { org } = company;
  if (!org) return [];
  const item = occasion.caseId === undefined ? undefined : company.cases.get(occasion.caseId);
  const template = item && company.templateOf.get(item.caseId);
  return looksAt(occasion, org, item && template && { template, item }, rules.ofCompanies(occasion.type));
}

function judge(run: Run, cause: Message, { template, rule, place, occasion }: Omit<Judged, 'seen'>): Evaluation {
  const { company } = run;
  const event: SeenEvent = { ...occasion, eventId: cause.id, depth: cause.depth };
  const reads = (path: string): boolean => rule.condition.paths.includes(path);
  return judgeRule(template, rule, event, place, {
    openCases: openCases(company),
    nextSteps: reads('org.next_steps') ? nextSteps(company, cause.at) : undefined,
    callsInRow: reads('event.calls_in_row') && occasion.activityId ? callsInRow(company, occasion.activityId) : undefined,
  });
}

function note(run: Run, cause: Message, { seen, rule, template }: Judged, obstacle?: Obstacle, waits = false): void {
  const evaluation = obstacle ? { ...seen, fired: false, obstacle } : seen;
  if (evaluation.fired) {
    const place = `${evaluation.placeId} ${evaluation.template}`;
    run.company.fired.set(place, (run.company.fired.get(place) ?? 0) + 1);
  }
  run.record(cause, { kind: 'looked', evaluation, ...(waits && evaluation.fired && { waits }) }, byRule(template, rule.key));
}

/** Carries out what fired, one after the other, as far as the budget goes; answers what kept rules from acting. */
function carryOut(run: Run, cause: Message, fired: readonly Judged[]): ReadonlyMap<Judged, Obstacle> {
  const { company, rules } = run;
  const { stages } = rules.catalog;
  const opening = { ...openingRules(rules.catalog, cause.at), reasonFor: (from: string, to: string) => stages.find(from, to)?.defaultReason };
  const obstacles = new Map<Judged, Obstacle>();
  const spent = new Map<string, number>();
  // Read before anything is done: tasks that one rule asks for are not yet work to the next.
  const cases = fired.flatMap(({ place }) => (place.item ? [openOr(company.cases.get(place.item.caseId), place.item)] : []));
  const workOfCase = new Map(cases.map((item) => [item.caseId, item.closedAt ? untouched : workOf(run, item)]));
  for (const each of fired) {
    const { template, rule, place } = each;
    const budget = `${each.seen.placeId} ${template.key}`;
    const times = spent.get(budget) ?? company.fired.get(budget) ?? 0;
    spent.set(budget, times + 1);
    if (times >= RULE_BUDGET) {
      obstacles.set(each, 'BUDGET_SPENT');
      continue;
    }
    const item = place.item && openOr(company.cases.get(place.item.caseId), place.item);
    const work = (item && workOfCase.get(item.caseId)) ?? untouched;
    const at = { eventId: cause.id, actor: cause.actor, now: cause.at, outputsMissing: work.outputsMissing };
    const effects = ruleEffects(opening, template, rule, { org: place.org, item }, at);
    if (effects.obstacle) obstacles.set(each, effects.obstacle);
    const by = byRule(template, rule.key);
    const decision = effects.decision && withStatus(effects.decision, work, cause.at);
    if (decision && decision.next !== item) changeCase(run, cause, decision, { by, escalation: effects.escalation });
    const given = { by, actor: actorOf(template) };
    const caseId = item?.caseId;
    for (const { task, assignee } of effects.tasks) company.tasks.set(task.taskId, playedTask(task, caseId, assignee, cause.at));
    if (effects.tasks.length > 0)
      run.emit(cause, { type: 'CreateTasks', caseId, tasks: effects.tasks }, caseId ?? company.orgId, given);
    for (const cancel of caseId === undefined ? [] : effects.cancels) {
      const body = { type: 'CancelCaseTasks' as const, caseId: caseId ?? '', types: cancel.types ?? [], caseGoesOn: true };
      run.emit(cause, body, caseId ?? '', { ...given, id: cancel.commandId });
    }
    for (const wanted of effects.transitions) askForStage(run, cause, wanted, caseId, template, rule.key);
    const starts = effects.starts.flatMap(({ key }) => rules.currentOf(key) ?? []);
    startTemplates(run, cause, place.org, starts.filter(({ orgKinds }) => orgKinds.has(place.org.orgKind)));
  }
  return obstacles;
}

/** A case that was closed is looked at as it is: only rules on its closing get there. */
function openOr(present: CaseItem | undefined, seen: CaseItem): CaseItem {
  return present && !present.closedAt ? present : seen;
}

function keyOf({ placeId, template, rule }: Waiting): string {
  return `${placeId} ${template} ${rule}`;
}

/** A later event begins the waiting anew. */
function setTimer(run: Run, cause: Message, { template, rule, place, occasion }: Judged): void {
  const { timers } = run.company;
  const waiting = waitingOf(template, rule, place, cause.at, run.rules.catalog.business.calendar);
  const known = timers.get(keyOf(waiting));
  if (known && known.dueAt >= waiting.dueAt) return;
  const { org_name: _name, ...fields } = occasion.fields;
  const event = { id: cause.id, type: occasion.type, depth: cause.depth, actor: cause.actor };
  timers.set(keyOf(waiting), { ...waiting, templateVersion: template, caseId: place.item?.caseId, event, fields });
}

function restartTimer({ company: { timers } }: Run, restart: Waiting): void {
  const known = timers.get(keyOf(restart));
  if (known && known.dueAt < restart.dueAt) timers.set(keyOf(restart), { ...known, dueAt: restart.dueAt });
}

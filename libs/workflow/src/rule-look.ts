import type { CaseItem } from './case.ts';
import { delayed } from './delay.ts';
import { factsAt, lookAtRule, type Evaluation, type Obstacle, type Place } from './look.ts';
import type { OrgFacts } from './org.ts';
import type { CaseTemplate, Facts, RuleOfTemplate } from './template.ts';

/** How often rules of one template may act on one case or company: more is most likely two that call each other. */
export const RULE_BUDGET = 100;
/** Chains of causes that are longer start nothing any more; the outbox refuses them at 50. */
const MOST_DEPTH = 40;

/** An event as rules see it. */
export interface SeenEvent {
  readonly eventId: string;
  readonly type: string;
  readonly fields: Facts;
  /** The length of the chain of causes that led to it. */
  readonly depth: number;
  /** Whether what the event tells is still so; a rule acts on what is, not on what was. */
  readonly holds?: ((item: CaseItem) => boolean) | undefined;
}

/** What conditions read beside the event, its place and the company. */
export interface FactsAround {
  readonly openCases: readonly CaseItem[];
  readonly nextSteps: number | undefined;
  readonly callsInRow: number | undefined;
}

/** Whether an event of this type makes a rule of the template act, or wait anew. */
export function concerns(template: Pick<CaseTemplate, 'rules'>, type: string): boolean {
  return template.rules.some((rule) => rule.on === type || rule.restartsOn.includes(type));
}

/**
 * Where templates look at an event: a case's own version at the case, each template of rules alone at the company, when
 * it is of its kinds.
 */
export function looksAt<T extends CaseTemplate>(
  event: { readonly type: string; readonly ofCaseOnly?: boolean | undefined },
  org: OrgFacts,
  own: { readonly template: T; readonly item: CaseItem } | undefined,
  ofCompanies: readonly T[],
): readonly { readonly template: T; readonly place: Place }[] {
  const ofCase = own && concerns(own.template, event.type) ? [{ template: own.template, place: { org, item: own.item } }] : [];
  const ofCompany = (event.ofCaseOnly ? [] : ofCompanies)
    .filter((template) => template.orgKinds.has(org.orgKind) && concerns(template, event.type))
    .map((template) => ({ template, place: { org, item: undefined } }));
  return [...ofCase, ...ofCompany];
}

/** Judges a rule at its place; what keeps one that fires from acting is its obstacle. */
export function judgeRule(
  template: CaseTemplate,
  rule: RuleOfTemplate,
  event: SeenEvent,
  place: Place,
  around: FactsAround,
): Evaluation {
  const fields = { ...event.fields, calls_in_row: around.callsInRow ?? 0 };
  const facts = factsAt({ type: event.type, fields }, place.org, around.openCases, place.item, around.nextSteps);
  const seen = lookAtRule(template, rule, event.eventId, place, facts);
  const obstacle = seen.fired ? obstacleFor(event, place.item) : undefined;
  return obstacle ? { ...seen, fired: false, obstacle } : seen;
}

function obstacleFor({ holds, type, depth }: SeenEvent, item: CaseItem | undefined): Obstacle | undefined {
  if (depth >= MOST_DEPTH) return 'TOO_DEEP';
  if (item?.closedAt && type !== 'CaseClosed') return 'CASE_CLOSED';
  return item && holds && !holds(item) ? 'CASE_CHANGED' : undefined;
}

/** A rule that waits at its place, until when. One rule waits once at a place, and the later instant wins. */
export interface Waiting {
  readonly placeId: string;
  readonly template: string;
  readonly rule: string;
  readonly dueAt: Date;
}

interface Calendar {
  dueInWorkingDays(from: Date, days: number): Date;
}

/** Until when a rule waits that an event of this instant sets off at a place. */
export function waitingOf(
  template: Pick<CaseTemplate, 'key'>,
  rule: RuleOfTemplate,
  { org, item }: Place,
  at: Date,
  calendar: Calendar,
): Waiting {
  const dueAt = rule.after ? delayed(at, rule.after, calendar) : at;
  return { placeId: item?.caseId ?? org.orgId, template: template.key, rule: rule.key, dueAt };
}

/** The rules of the template whose waiting an event of this type begins anew, where they wait. */
export function restartsOf(
  template: CaseTemplate,
  event: { readonly type: string; readonly at: Date },
  place: Place,
  calendar: Calendar,
): readonly Waiting[] {
  return template.rules
    .filter((rule) => rule.after !== undefined && rule.restartsOn.includes(event.type))
    .map((rule) => waitingOf(template, rule, place, event.at, calendar));
}

import type { CaseItem } from './case.ts';
import type { OrgFacts } from './org.ts';
import type { CaseTemplate, ConditionPart, Facts, RuleOfTemplate } from './template.ts';

/** The name under which a template's trigger appears where rules are named. */
export const START_RULE = 'start';

/** What a template or rule saw in an event and what it decided. */
export interface Evaluation {
  readonly eventId: string;
  readonly template: string;
  readonly templateVersion: number;
  readonly rule: string;
  /** The case of a rule; the company of a trigger. */
  readonly placeId: string;
  readonly orgId: string;
  readonly caseId?: string | undefined;
  readonly fired: boolean;
  readonly obstacle?: Obstacle | undefined;
  readonly condition?: string | undefined;
  readonly parts: readonly ConditionPart[];
}

/**
 * Why nothing was done although no condition was false: another kind of company, a later stage change was seen first,
 * the case is over, what the condition read is no longer so, the phase lacks outputs, or rules that call each other were
 * stopped.
 */
export type Obstacle =
  | 'ORG_KIND'
  | 'SUPERSEDED'
  | 'CASE_CLOSED'
  | 'CASE_CHANGED'
  | 'OUTPUTS_MISSING'
  | 'BUDGET_SPENT'
  | 'TOO_DEEP';

/** The facts at an event, as catalog's templateFactSchema declares them. */
export function factsAt(
  event: { readonly type: string; readonly fields: Facts },
  org: OrgFacts,
  openCases: readonly CaseItem[],
  item?: CaseItem,
  nextSteps = 0,
): Facts {
  return {
    event: { type: event.type, ...event.fields },
    org: { ...shownOrg(org), next_steps: nextSteps },
    cases: { open: openCases.length, open_types: openCases.map((open) => open.caseType) },
    ...(item && { case: caseFacts(item) }),
  };
}

/** What titles and descriptions may show. */
export function textFacts(org: OrgFacts): Facts {
  return { org: shownOrg(org) };
}

function shownOrg(org: OrgFacts): Facts {
  return {
    org_id: org.orgId,
    name: org.name,
    org_kind: org.orgKind,
    status: org.status,
    current_stage: org.currentStage,
  };
}

function caseFacts(item: CaseItem): Facts {
  return {
    case_id: item.caseId,
    case_type: item.caseType,
    engine: item.engine,
    phase: item.phase ?? '',
    status: item.status,
    owner_role: item.ownerRole,
    owner_queue: item.ownerQueue,
    owner: item.owner,
    priority: item.priority,
    return_count: item.returnCount,
  };
}

/** Judges a template's trigger; the kind of company first, so that the reason is named even when both are wrong. */
export function lookAtTrigger(
  template: CaseTemplate,
  eventId: string,
  org: OrgFacts,
  facts: Facts,
  superseded: boolean,
): Evaluation {
  const seen = {
    eventId,
    template: template.key,
    templateVersion: template.version,
    rule: START_RULE,
    placeId: org.orgId,
    orgId: org.orgId,
    condition: template.trigger?.condition.source,
  };
  if (!template.orgKinds.has(org.orgKind)) {
    const kinds = [...template.orgKinds].join(', ');
    const parts = [{ source: `org.org_kind in [${kinds}]`, value: { 'org.org_kind': org.orgKind }, result: false }];
    return { ...seen, fired: false, obstacle: 'ORG_KIND', parts };
  }
  const { result, parts } = template.trigger?.condition.explain(facts) ?? { result: false, parts: [] };
  if (result && superseded) return { ...seen, fired: false, obstacle: 'SUPERSEDED', parts };
  return { ...seen, fired: result, parts };
}

/** Where a rule looks: at a running case, or, for a template without one, at the company. */
export interface Place {
  readonly org: OrgFacts;
  readonly item?: CaseItem | undefined;
}

/** Judges one rule at its place. */
export function lookAtRule(
  template: CaseTemplate,
  rule: RuleOfTemplate,
  eventId: string,
  { org, item }: Place,
  facts: Facts,
): Evaluation {
  const { result, parts } = rule.condition.explain(facts);
  return {
    eventId,
    template: template.key,
    templateVersion: template.version,
    rule: rule.key,
    placeId: item?.caseId ?? org.orgId,
    orgId: org.orgId,
    caseId: item?.caseId,
    fired: result,
    condition: rule.condition.source,
    parts,
  };
}

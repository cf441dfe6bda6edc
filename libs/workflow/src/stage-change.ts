import type { CaseItem } from './case.ts';
import { factsAt, lookAtTrigger, type Evaluation } from './look.ts';
import type { OrgFacts } from './org.ts';
import type { CaseTemplate, StageTable } from './template.ts';

/** A stage change as its event tells it. */
export interface StageChange {
  readonly eventId: string;
  readonly fromStage?: string | undefined;
  readonly toStage: string;
  readonly reasonCode?: string | undefined;
  readonly reasonNote?: string | undefined;
  readonly outcomeCode?: string | undefined;
  readonly caseId?: string | undefined;
  /** A later stage change was handled before: this one must not start anything any more. */
  readonly superseded: boolean;
}

/** An open case of the company, and the outcome that its template takes such a move for, if any. */
export interface OpenCase {
  readonly item: CaseItem;
  readonly template?: CaseTemplate | undefined;
  readonly usualOutcome?: string | undefined;
}

export interface Closing {
  readonly item: CaseItem;
  readonly outcome: string;
}

/** What follows from a stage change, in this order. */
export interface StageChangePlan {
  readonly closings: readonly Closing[];
  /** Cases that go on. */
  readonly staying: readonly CaseItem[];
  /** The stage that its owner's claim had brought is left again: nobody owns it any more. */
  readonly releases: readonly CaseItem[];
  /** Every open task of the company from before the change is void. */
  readonly cancelsTasks: boolean;
  readonly starts: readonly CaseTemplate[];
  readonly evaluations: readonly Evaluation[];
}

/** Nobody works on a company in these stages. */
const ENDS_WORK: ReadonlySet<string> = new Set(['DISQUALIFIED', 'ARCHIVED']);

/** Decides everything that a stage change means for the open cases and templates of the company. */
export function planStageChange(
  change: StageChange,
  org: OrgFacts,
  open: readonly OpenCase[],
  triggers: readonly CaseTemplate[],
): StageChangePlan {
  const closings: Closing[] = [];
  const releases: CaseItem[] = [];
  const staying: CaseItem[] = [];
  for (const { item, template, usualOutcome } of open) {
    const outcome = outcomeFor(change, item, usualOutcome);
    if (outcome !== undefined) closings.push({ item, outcome });
    else staying.push(item);
    const left =
      change.fromStage !== undefined && template !== undefined && claimStages(template).has(change.fromStage);
    if (outcome === undefined && left && item.owner !== undefined && !change.superseded) releases.push(item);
  }
  const facts = factsAt({ type: 'OrgStageChanged', fields: stageChangeFields(change, org) }, org, staying);
  const evaluations = triggers.map((template) =>
    lookAtTrigger(template, change.eventId, org, facts, change.superseded),
  );
  return {
    closings,
    staying,
    releases,
    cancelsTasks: ENDS_WORK.has(change.toStage),
    starts: triggers.filter((_, index) => evaluations[index]?.fired),
    evaluations,
  };
}

/** A stage change as conditions read it. */
export function stageChangeFields(change: Omit<StageChange, 'eventId' | 'superseded'>, org: OrgFacts) {
  return {
    from_stage: change.fromStage,
    to_stage: change.toStage,
    reason_code: change.reasonCode,
    outcome_code: change.outcomeCode,
    org_kind: org.orgKind,
    org_name: org.name,
  };
}

/**
 * What the event says wins; else what the case's template makes of the move. A late event closes only what it names.
 */
function outcomeFor(change: StageChange, item: CaseItem, usualOutcome: string | undefined): string | undefined {
  if (change.caseId === item.caseId && change.outcomeCode !== undefined) return change.outcomeCode;
  return change.superseded ? undefined : usualOutcome;
}

/** The stages that claiming a case of this template asks for. */
export function claimStages(template: CaseTemplate): ReadonlySet<string> {
  return new Set(
    template.rules
      .filter((rule) => rule.on === 'CaseClaimed')
      .flatMap((rule) =>
        rule.actions.flatMap((action) => (action.kind === 'request_transition' ? [action.to] : [])),
      ),
  );
}

/** Where a company goes back to when the claim that brought it to its stage is given up; undefined when it did not. */
export function stageOnRelease(stages: StageTable, template: CaseTemplate, currentStage: string): string | undefined {
  if (!claimStages(template).has(currentStage)) return undefined;
  const way = stages.transitions.find(
    (row) => row.to === currentStage && row.setBy === 'workflow' && stages.find(currentStage, row.from) !== undefined,
  );
  return way?.from;
}

import { DomainError, type UnmetRule, type Violation } from '@tom/kernel';
import type { Org } from './org.ts';

/** A reason as the table knows it. */
export interface KnownReason {
  readonly code: string;
  readonly needsNote: boolean;
  readonly namesOrg: boolean;
}

/** One row of the table of transitions, as far as it is judged here; guards come as a verdict. */
export interface TransitionRow {
  readonly from: string;
  readonly to: string;
  readonly needsReason: boolean;
  readonly reasons: readonly KnownReason[];
  readonly defaultReason?: string;
  readonly defaultOutcome?: string;
}

export interface GivenReason {
  readonly reasonCode?: string | undefined;
  readonly reasonNote?: string | undefined;
  readonly duplicateOfOrgId?: string | undefined;
}

/** One change of stage: the row of the history, and what OrgStageChanged tells. */
export interface StageChange {
  /** The id of OrgStageChanged. */
  readonly eventId: string;
  readonly orgId: string;
  readonly revision: number;
  readonly fromStage: string | null;
  /** When it had entered the stage that it leaves. */
  readonly fromSince: Date | null;
  readonly toStage: string;
  readonly reasonCode: string | null;
  readonly reasonNote: string | null;
  readonly duplicateOfOrgId: string | null;
  readonly at: Date;
  readonly actor: string;
  readonly caseId: string | null;
  readonly outcomeCode: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly stagesVersion: number;
  readonly template: string | null;
  readonly templateVersion: number | null;
  readonly rule: string | null;
}

/** What of a change is decided by whoever asks for it. */
export type RequestedChange = Omit<StageChange, 'orgId' | 'revision' | 'fromStage' | 'fromSince' | 'at'>;

/**
 * What is wrong with the reason given for a row. A row that lists no reasons takes any that the table knows; one that is
 * set by the workflow is never asked for one.
 */
export function reasonViolations(
  row: TransitionRow,
  given: GivenReason,
  known: ReadonlyMap<string, KnownReason>,
): readonly Violation[] {
  const choice = row.reasons.length > 0 ? row.reasons.map((reason) => reason.code) : [...known.keys()];
  const expected = `one of ${choice.join(', ')}`;
  if (given.reasonCode === undefined) {
    const missing = row.needsReason ? [{ path: 'reasonCode', message: 'is missing', expected }] : [];
    return [...missing, ...strayCompany(given, undefined)];
  }
  const reason = choice.includes(given.reasonCode) ? known.get(given.reasonCode) : undefined;
  if (reason === undefined) {
    return [{ path: 'reasonCode', message: `is no reason to move from ${row.from} to ${row.to}`, expected }];
  }
  const note =
    reason.needsNote && given.reasonNote === undefined
      ? [{ path: 'reasonNote', message: `is missing; ${reason.code} needs it`, expected: 'a text' }]
      : [];
  return [...note, ...strayCompany(given, reason)];
}

function strayCompany(given: GivenReason, reason: KnownReason | undefined): readonly Violation[] {
  if (given.duplicateOfOrgId === undefined || reason?.namesOrg) return [];
  return [{ path: 'duplicateOfOrgId', message: 'does not belong to this reason', expected: 'only with the reason DUPLICATE' }];
}

/** The refusal of a guard, every unmet rule named. */
export function refused(from: string, to: string, unmet: readonly UnmetRule[]): DomainError {
  return DomainError.rulesUnmet(`The company cannot move from ${from} to ${to}.`, unmet);
}

/** The refusal of a move from a stage that the company has left meanwhile. */
export function stageChanged(org: Org, last: { readonly actor: string; readonly at: Date }): DomainError {
  return new DomainError('STAGE_CHANGED', `The company is in ${org.currentStage} now.`, {
    currentStage: org.currentStage,
    by: last.actor.replace(/^user:/, ''),
    at: last.at.toISOString(),
  });
}

/** Moves a company that may move. The instant is never before the one at which it entered the stage that it leaves. */
export function moveStage(
  org: Org,
  to: { readonly stage: string; readonly status: string },
  change: RequestedChange,
  now: Date,
): { readonly next: Org; readonly change: StageChange } {
  const at = now < org.stageSince ? org.stageSince : now;
  const revision = org.revision + 1;
  return {
    next: {
      ...org,
      currentStage: to.stage,
      status: to.status,
      stageSince: at,
      wasCustomer: org.wasCustomer || to.stage === 'CUSTOMER',
      revision,
    },
    change: { ...change, orgId: org.orgId, revision, fromStage: org.currentStage, fromSince: org.stageSince, at },
  };
}

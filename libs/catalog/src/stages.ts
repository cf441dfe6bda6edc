import type { Text } from '@tom/kernel';
import type { GuardRule } from '@tom/rules';

export type OrgStatus = 'lead' | 'prospect' | 'customer' | 'inactive';

export interface Stage {
  readonly stage: string;
  readonly label: Text;
  /** The status that a company has in this stage. */
  readonly status: OrgStatus;
  /** Beside the main path. */
  readonly side: boolean;
  /** Where a company usually goes next. */
  readonly mainNext?: string;
}

export interface Reason {
  readonly code: string;
  readonly label: Text;
  readonly needsNote: boolean;
  /** The request may name another company (duplicates). */
  readonly namesOrg: boolean;
}

/** One row of the table: from, to, what has to be true, and which reasons it knows. */
export interface StageTransition {
  readonly from: string;
  readonly to: string;
  /** `workflow`: a template asks for it; a person may too, then without a reason. */
  readonly setBy: 'person' | 'workflow';
  /** A person has to give one of the reasons. */
  readonly needsReason: boolean;
  readonly reasons: readonly Reason[];
  /** Written when none is given. */
  readonly defaultReason?: string;
  /** The outcome of the case that the move closes when none is named; else the one of its template that leads there. */
  readonly defaultOutcome?: string;
  readonly guard: readonly GuardRule[];
}

/** The life cycle of companies. Its version is written into the history. */
export interface Stages {
  readonly version: number;
  readonly stages: ReadonlyMap<string, Stage>;
  /** Every reason with its label, also those that only the system sets. */
  readonly reasons: ReadonlyMap<string, Reason>;
  readonly transitions: readonly StageTransition[];
  /** Every rule of a guard by name. */
  readonly rules: ReadonlyMap<string, GuardRule>;
  /** The stage of a company that is created with this status. */
  initial(status: OrgStatus): string;
  /** The rows that lead away from a stage. */
  from(stage: string): readonly StageTransition[];
  find(from: string, to: string): StageTransition | undefined;
}

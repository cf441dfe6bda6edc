import { DomainError } from '@tom/kernel';

/** A company as far as cases and templates care. */
export interface OrgFacts {
  readonly orgId: string;
  readonly name?: string | undefined;
  readonly city?: string | undefined;
  readonly orgKind: string;
  readonly status: string;
  readonly currentStage: string;
  readonly stageSince: Date;
}

/** Only an erased company has no name. */
export function isErased(org: Pick<OrgFacts, 'name'>): boolean {
  return org.name === undefined;
}

/** The refusal of what would write anew about a company after its data was erased; its cases can be ended. */
export function wasErased(): DomainError {
  return DomainError.stateRefused('The company was erased.', 'ERASED');
}

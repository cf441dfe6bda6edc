/** One output that a case has to bring. */
export interface Requirement {
  readonly requirementId: string;
  readonly caseId: string;
  readonly engine: string;
  readonly phase: string;
  readonly position: number;
  readonly key: string;
  readonly outputType: string;
  readonly descriptionDe: string;
  readonly descriptionEn: string;
  readonly mandatory: boolean;
}

/** What a case has to bring, and what it brought. */
export interface Output extends Requirement {
  /** A return named it: it is wanted whatever the phase, and whether or not it is mandatory. */
  readonly demanded: boolean;
  readonly fulfilledValue?: string | undefined;
  readonly fulfilledBy?: string | undefined;
  readonly fulfilledAt?: Date | undefined;
}

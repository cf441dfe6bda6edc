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

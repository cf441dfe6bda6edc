import { DomainError } from '@tom/kernel';

/** A company as it is stored. `version` counts what a PATCH can write, `revision` every event. */
export interface Org {
  readonly orgId: string;
  /** null once it was erased. */
  readonly name: string | null;
  readonly orgKind: string;
  readonly status: string;
  readonly currentStage: string;
  readonly stageSince: Date;
  readonly externalRef: string | null;
  readonly website: string | null;
  readonly phone: string | null;
  readonly street: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly industry: string | null;
  readonly accountOwner: string | null;
  /** Whether it ever was in the stage CUSTOMER. */
  readonly wasCustomer: boolean;
  readonly version: number;
  readonly revision: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  readonly erasedAt: Date | null;
}

/** What people may write. */
export interface OrgFields {
  readonly name: string | null;
  readonly orgKind: string;
  readonly externalRef: string | null;
  readonly website: string | null;
  readonly phone: string | null;
  readonly street: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly industry: string | null;
  readonly accountOwner: string | null;
}

export const orgFieldNames = [
  'name',
  'orgKind',
  'externalRef',
  'website',
  'phone',
  'street',
  'postalCode',
  'city',
  'country',
  'industry',
  'accountOwner',
] as const satisfies readonly (keyof OrgFields)[];

const addressParts: ReadonlySet<string> = new Set(['street', 'postalCode', 'city', 'country']);

/** The org with these fields changed, and the names of those that really differ, as the API calls them. */
export function changeOrg(
  org: Org,
  change: Partial<OrgFields>,
  by: { readonly id: string; readonly now: Date },
): { readonly next: Org; readonly changed: readonly string[] } {
  const changed = orgFieldNames.filter((name) => change[name] !== undefined && change[name] !== org[name]);
  if (changed.length === 0) return { next: org, changed };
  const next = { ...org, ...change, version: org.version + 1, revision: org.revision + 1, updatedAt: by.now, updatedBy: by.id };
  return { next, changed: changed.map((name) => (addressParts.has(name) ? `address.${name}` : name)) };
}

/** The org without anything that says who it was; kind, stage and history stay. */
export function eraseOrg(org: Org, by: { readonly id: string; readonly now: Date }): Org {
  const nothing = {
    name: null,
    externalRef: null,
    website: null,
    phone: null,
    street: null,
    postalCode: null,
    city: null,
    country: null,
    industry: null,
  };
  return {
    ...org,
    ...nothing,
    version: org.version + 1,
    revision: org.revision + 1,
    updatedAt: by.now,
    updatedBy: by.id,
    erasedAt: by.now,
  };
}

/** The refusal of everything that would write about a company after its data was erased. */
export function wasErased(): DomainError {
  return DomainError.stateRefused('The company was erased.', 'ERASED');
}

import type { paths } from '@tom/contracts/edge';

export type NewOrg = NonNullable<paths['/orgs']['post']['requestBody']>['content']['application/json'];

/** What the form for a new company holds while it is typed: every field a text, empty where nothing is said. */
export interface Typed {
  readonly name: string;
  readonly orgKind: string;
  readonly status: string;
  readonly phone: string;
  readonly website: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly industry: string;
  readonly externalRef: string;
  readonly accountOwner: string;
}

export type FieldName = keyof Typed;

export const blank: Typed = {
  name: '', orgKind: '', status: '', phone: '', website: '', street: '', postalCode: '', city: '', country: '', industry: '', externalRef: '', accountOwner: '',
};

const placed = ['street', 'postalCode', 'city', 'country'] as const;

/** What is sent: only what was said; the server knows the defaults. */
export function newOrgOf(typed: Typed): NewOrg {
  const names = Object.keys(blank) as FieldName[];
  const said: Partial<Typed> = Object.fromEntries(names.flatMap((name) => (typed[name].trim() === '' ? [] : [[name, typed[name].trim()]])));
  const { street, postalCode, city, country, ...rest } = said;
  const address = Object.fromEntries(Object.entries({ street, postalCode, city, country }).filter(([, value]) => value !== undefined));
  // Kind and status are chosen from the codes that the server itself listed.
  return { ...rest, ...(Object.keys(address).length > 0 ? { address } : {}) } as NewOrg;
}

/** The field that a violation's path is about; undefined for what is no field of the form. */
export function fieldOf(path: string): FieldName | undefined {
  const name = path.replace(/^address\./, '');
  const isPlaced = placed.some((each) => each === name);
  return Object.hasOwn(blank, name) && path.startsWith('address.') === isPlaced ? (name as FieldName) : undefined;
}

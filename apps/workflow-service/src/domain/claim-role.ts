import type { Catalog } from '@tom/catalog';

/** The role in which somebody claims a case: its owning role when they may work for it, else their first one. */
export function roleOfClaim({ roles }: Pick<Catalog, 'roles'>, ownerRole: string, ofPerson: readonly string[]): string {
  const worksForAll = ofPerson.some(
    (name) => roles.get(name)?.reach === 'all' && roles.get(name)?.rights.has('work_cases'),
  );
  return ofPerson.includes(ownerRole) || worksForAll ? ownerRole : (ofPerson[0] ?? '');
}

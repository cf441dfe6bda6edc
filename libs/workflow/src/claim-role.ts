/** What a role may do, and whether for its own work only. */
export type Roles = ReadonlyMap<string, { readonly reach: string; readonly rights: ReadonlySet<string> }>;

/** The role in which somebody claims a case: its owning role when they may work for it, else their first one. */
export function roleOfClaim(
  { roles }: { readonly roles: Roles },
  ownerRole: string,
  ofPerson: readonly string[],
): string {
  const worksForAll = ofPerson.some(
    (name) => roles.get(name)?.reach === 'all' && roles.get(name)?.rights.has('work_cases'),
  );
  return ofPerson.includes(ownerRole) || worksForAll ? ownerRole : (ofPerson[0] ?? '');
}

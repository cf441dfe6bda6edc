import type { Company } from './queries.ts';

/** The company that keys act upon, and where it was when it was chosen. */
export interface Choice {
  readonly orgId: string;
  readonly index: number;
}

/** The chosen company; when it has left the list, the one that took its place. */
export function chosenOf(companies: readonly Company[], choice: Choice | undefined): Company | undefined {
  return companies[indexOf(companies, choice)];
}

/** The choice so many rows further down, within the list. */
export function neighbour(companies: readonly Company[], choice: Choice | undefined, by: number): Choice | undefined {
  const index = Math.max(0, Math.min(companies.length - 1, indexOf(companies, choice) + by));
  const company = companies[index];
  return company && { orgId: company.orgId, index };
}

function indexOf(companies: readonly Company[], choice: Choice | undefined): number {
  const found = companies.findIndex(({ orgId }) => orgId === choice?.orgId);
  return found >= 0 ? found : Math.min(choice?.index ?? -1, companies.length - 1);
}

import type { Tx } from '@tom/postgres';
import type { Opening } from '@tom/workflow';
import { insertCases } from './case-table.ts';
import { insertRequirements } from './requirement-table.ts';
import { askedFor, projectTasks } from './work-projection.ts';

/** Stores cases with what belongs to them; answers those that were new, with their numbers, by case id. */
export async function storeOpenings(tx: Tx, openings: readonly Opening[]): Promise<ReadonlyMap<string, Opening>> {
  const numbers = await insertCases(
    tx,
    openings.map((opening) => opening.item),
  );
  const stored = openings.flatMap((opening) => {
    const number = numbers.get(opening.item.caseId);
    return number === undefined ? [] : [{ ...opening, item: { ...opening.item, number } }];
  });
  await insertRequirements(
    tx,
    stored.flatMap((opening) => opening.requirements),
  );
  await projectTasks(
    tx,
    stored.flatMap(({ item, tasks }) => tasks.map((task) => askedFor(task, item.orgId, item.caseId))),
  );
  return new Map(stored.map((opening) => [opening.item.caseId, opening]));
}

import {
  CatalogError,
  isError,
  readTemplate,
  problemsBetween,
  templateFindings,
  type Problem,
} from '@tom/catalog';
import { nameOf, storedHashes } from '../adapters/template-store.ts';
import type { Deps } from '../deps.ts';
import { otherContent, outdated, storedTemplates } from './load-templates.ts';

/** What a problem names instead of a file. */
const FILE = 'template.yaml';

/** Checks a text as the template that it would be: by itself, with those in force, and against the versions stored. */
export async function validateTemplate(
  { database, catalog }: Pick<Deps, 'database' | 'catalog'>,
  source: string,
): Promise<{ readonly valid: boolean; readonly problems: readonly Problem[] }> {
  let template;
  try {
    template = readTemplate(source, FILE, catalog);
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return { valid: false, problems: error.problems };
  }
  const { key, version, contentHash } = template;
  const stored = (await storedHashes(database, [template])).get(nameOf(key, version));
  const latest = await storedTemplates({ database, catalog });
  const inForce = [...latest.filter((other) => other.key !== key), template];
  const problems = [
    ...(stored !== undefined && stored !== contentHash ? [otherContent(template)] : []),
    ...outdated(template, latest),
    ...problemsBetween(inForce).filter(({ file }) => file === FILE),
    ...templateFindings(inForce, [template], catalog),
  ];
  return { valid: !problems.some(isError), problems };
}

import {
  CatalogError,
  isError,
  readTemplate,
  problemsBetween,
  templateFindings,
  type Catalog,
  type Problem,
  type Template,
} from '@tom/catalog';
import type { Clock } from '@tom/kernel';
import type { Database, Tx } from '@tom/postgres';
import {
  announceTemplates,
  highestVersions,
  insertTemplate,
  lockTemplates,
  nameOf,
  storedHashes,
} from '../adapters/template-store.ts';

export interface LoadDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly catalog: Catalog;
}

/** What is in force, and what is suspected of it or worth knowing. */
export interface Loaded {
  readonly latest: readonly Template[];
  readonly warnings: readonly Problem[];
}

/**
 * Stores the versions that the files hold and answers what is in force: of each template the highest version stored,
 * also of one that is in no file (any more). All of it or nothing: throws CatalogError with every problem. The same
 * version with other content is refused, so that a running case keeps meaning what it meant. What was stored before is
 * not judged anew: a version that was good enough to run stays so.
 */
export async function loadTemplates(deps: LoadDeps, files: readonly Template[]): Promise<Loaded> {
  const { database, clock, catalog } = deps;
  return database.transaction(async (tx) => {
    await lockTemplates(tx);
    const stored = await storedHashes(tx, files);
    const hashOf = ({ key, version }: Template) => stored.get(nameOf(key, version));
    const fresh = files.filter((template) => hashOf(template) === undefined);
    const latest = await latestOf(tx, catalog, files);
    const conflicts = files.filter((template) => (hashOf(template) ?? template.contentHash) !== template.contentHash);
    const findings = templateFindings(latest, fresh.filter((template) => latest.includes(template)), catalog);
    const problems = [...conflicts.map(otherContent), ...(fresh.length > 0 ? problemsBetween(latest) : []), ...findings];
    if (problems.some(isError)) throw new CatalogError(problems.filter(isError));
    for (const template of fresh) await insertTemplate(tx, template, clock.now());
    if (fresh.length > 0) await announceTemplates(tx);
    return { latest, warnings: [...problems, ...files.flatMap((template) => outdated(template, latest))] };
  });
}

/** What is in force by the database alone. */
export async function storedTemplates({ database, catalog }: Pick<LoadDeps, 'database' | 'catalog'>): Promise<readonly Template[]> {
  return latestOf(database, catalog, []);
}

/** The highest version of each template, among those stored and those given. */
async function latestOf(
  from: Pick<Database, 'query'> | Tx,
  catalog: Catalog,
  files: readonly Template[],
): Promise<readonly Template[]> {
  const latest = new Map<string, Template>();
  for (const template of files) {
    if (template.version > (latest.get(template.key)?.version ?? 0)) latest.set(template.key, template);
  }
  for (const { key, version, source } of await highestVersions(from)) {
    const given = latest.get(key);
    if (given && given.version >= version) continue;
    latest.set(key, readTemplate(source, `${nameOf(key, version)} (stored)`, catalog));
  }
  return [...latest.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The problem of a version whose name is taken. */
export function otherContent(template: Template): Problem {
  const { key, version } = template;
  const message = `Version ${version} of ${key} is stored with other content.`;
  return template.problem(['version'], message, 'a higher version for changed content');
}

/** What an older file says is known, but it is not what runs. */
export function outdated(template: Template, latest: readonly Template[]): readonly Problem[] {
  const current = latest.find(({ key }) => key === template.key)?.version ?? 0;
  if (template.version >= current) return [];
  const message = `Version ${template.version} of ${template.key} is not in force: version ${current} is.`;
  const expected = `a version above ${current}, also to go back to what an earlier one said`;
  return [{ ...template.problem(['version'], message, expected), severity: 'warning' }];
}

import { readTemplate, type Catalog, type Template } from '@tom/catalog';
import type { Clock } from '@tom/kernel';
import type { Database } from '@tom/postgres';
import { insertTemplate, storedVersion, storedVersions } from '../adapters/template-store.ts';

/** A template file that cannot take its place; the message says what to do. */
export class TemplateConflictError extends Error {
  override readonly name = 'TemplateConflictError';
}

/**
 * Stores the versions that the files hold and answers what is in force: of each template the highest version stored.
 * The same version with other content is refused, so that a running case keeps meaning what it meant.
 */
export async function loadTemplates(
  { database, clock, catalog }: { database: Database; clock: Clock; catalog: Catalog },
  files: readonly Template[],
): Promise<readonly Template[]> {
  return database.transaction(async (tx) => {
    const inForce: Template[] = [];
    const refused: string[] = [];
    for (const template of files) {
      const { key, version, contentHash } = template;
      await insertTemplate(tx, template, clock.now());
      const stored = await storedVersion(tx, key, version);
      if (stored?.contentHash !== contentHash) {
        const { start } = template.range(['version']);
        refused.push(
          `${template.file}:${start.line}:${start.column}: version ${version} of ${key} is stored with other content ` +
            '(expected a higher version for changed content)',
        );
        continue;
      }
      const [highest] = await storedVersions(tx, key);
      const same = highest === undefined || highest.version === version;
      inForce.push(same ? template : readTemplate(highest.source, `${key}@${highest.version} (stored)`, catalog));
    }
    if (refused.length > 0) throw new TemplateConflictError(refused.join('\n'));
    return inForce;
  });
}

import { CatalogError, problemsBetween, readStages, readTemplate, type Catalog, type Problem, type Template } from '@tom/catalog';
import type { Rulebook } from '../playback/run.ts';

/** A text with the name under which its problems are told. */
export interface NamedText {
  readonly path: string;
  readonly text: string;
}

/**
 * What is in force with another template or table of stages in its place. Throws CatalogError with every problem in the
 * changes, and with those that they make for the rest: a template that was not changed is named by its key.
 */
export function changeRules(
  inForce: readonly Template[],
  catalog: Catalog,
  { template, stages }: { readonly template?: NamedText | undefined; readonly stages?: NamedText | undefined },
): Rulebook {
  const problems: Problem[] = [];
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const table = stages && collect(() => readStages(stages.text, stages.path, catalog));
  const withTable = { ...catalog, stages: table ?? catalog.stages };
  const added = template && collect(() => readTemplate(template.text, template.path, withTable));
  const others = inForce.filter(({ key }) => key !== added?.key).map((other) => ({ ...other, file: other.key }));
  // Compiled against the table that was changed: an outcome is usual by its rows.
  const kept = table ? others.flatMap((other) => collect(() => readTemplate(other.source, other.key, withTable)) ?? []) : others;
  const templates = added ? [...kept, added] : kept;
  if (problems.length === 0) problems.push(...problemsBetween(templates));
  if (problems.length > 0) throw new CatalogError(problems);
  return { templates, catalog: withTable };
}

import type { Catalog } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import { deadRules } from './dead-rules.ts';
import { endlessRules } from './endless-rules.ts';
import { inOrder } from './read-yaml.ts';
import type { Template } from './template.ts';
import { unreachableOutcomes } from './unreachable-outcomes.ts';

/**
 * What is wrong with templates although they can be read: outcomes that nothing leads to, rules that can never fire, and
 * rules that start each other without end, among all that would be in force together. Only `subjects` are told of; what
 * is suspected and not proven is a warning.
 */
export function templateFindings(
  inForce: readonly Template[],
  subjects: readonly Template[],
  catalog: Catalog,
): readonly Problem[] {
  const loops = endlessRules(inForce, new Set(subjects.map(({ key }) => key)), catalog);
  return subjects.flatMap((template) =>
    inOrder([
      ...unreachableOutcomes(template, catalog),
      ...deadRules(template, catalog),
      ...loops.filter(({ file }) => file === template.file),
    ]),
  );
}

/** Whether it keeps a template from being used. */
export function isError(problem: Problem): boolean {
  return problem.severity === undefined;
}

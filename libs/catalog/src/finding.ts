import type { Problem } from './catalog-error.ts';
import type { YamlPath } from './read-yaml.ts';
import type { Template } from './template.ts';

/** A problem of a template that was read; a condition that is not written stands where its rule does. */
export function findingAt(
  template: Template,
  path: YamlPath,
  message: string,
  expected: string,
  at: { readonly offset?: number; readonly severity?: 'warning' } = {},
): Problem {
  const problem = template.problem(path, message, expected, at.offset === undefined ? {} : { offset: at.offset });
  return at.severity ? { ...problem, severity: at.severity } : problem;
}

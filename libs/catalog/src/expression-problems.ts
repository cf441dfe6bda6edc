import { ExpressionError } from '@tom/rules';
import type { Problem } from './catalog-error.ts';
import type { YamlFile, YamlPath } from './read-yaml.ts';

/**
 * The problem of an expression or text that does not compile, at the very character; else what `check` finds in what it
 * compiles to.
 */
export function expressionProblems<T>(
  yaml: YamlFile<unknown>,
  path: YamlPath,
  compile: () => T,
  check: (compiled: T) => readonly Problem[] = () => [],
): readonly Problem[] {
  let compiled: T;
  try {
    compiled = compile();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [yaml.problem(path, error.message, error.expected, { offset: error.offset })];
  }
  return check(compiled);
}

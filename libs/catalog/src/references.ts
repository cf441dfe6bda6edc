import type { Problem } from './catalog-error.ts';
import type { YamlFile, YamlPath } from './read-yaml.ts';

/** Names that a file may refer to; undefined when the file that says so is itself broken: then nothing is said. */
export type Names = ReadonlySet<string> | undefined;

/** The problem of a name that refers to nothing, or none. */
export function unknownName(
  yaml: YamlFile<unknown>,
  path: YamlPath,
  what: string,
  name: string | undefined,
  known: Names,
): readonly Problem[] {
  if (name === undefined || known === undefined || known.has(name)) return [];
  return [yaml.problem(path, `There is no ${what} ${name}.`, `one of ${[...known].join(', ')}`)];
}

/** Names that stand in a list twice, each but the first as a problem. */
export function doubles<T>(
  yaml: YamlFile<unknown>,
  items: readonly T[],
  what: string,
  nameOf: (item: T, index: number) => readonly [name: string, path: YamlPath],
): readonly Problem[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const [name, path] = nameOf(item, index);
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [yaml.problem(path, `The ${what} ${name} stands here twice.`, `each ${what} once`)];
  });
}

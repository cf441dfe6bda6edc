import { readFileSync } from 'node:fs';
import type { Parser } from './parsers.ts';

/** Names and values as the process was given them; an empty value counts as not given. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting; without `default` and `optional` it must be given. A secret has no default, may be in `<ENV>_FILE`. */
export interface ConfigEntry<T = unknown> {
  readonly meaning: string;
  readonly env: string;
  readonly parse: Parser<T>;
  readonly default?: T;
  readonly optional?: boolean;
  readonly secret?: boolean;
}

/** What settings must be together: `problem` is asked with their values, unless one `of` them is wrong in itself. */
export interface ConfigCheck {
  readonly of: readonly string[];
  problem(values: Readonly<Record<string, unknown>>): string | undefined;
}

type Entries = Readonly<Record<string, ConfigEntry>>;
type ValueOf<E> = E extends { readonly parse: Parser<infer T> } ? T : never;
type OptionalNames<E> = { [Name in keyof E]: E[Name] extends { readonly optional: true } ? Name : never }[keyof E];

/** A default that is no value of its own parser does not compile. */
type WithFittingDefaults<E> = {
  readonly [Name in keyof E]: E[Name] extends { readonly parse: Parser<infer T>; readonly default: infer D }
    ? D extends T
      ? E[Name]
      : { readonly default: T }
    : E[Name];
};

/** The settings of one process, by the name under which its code knows them. */
export interface ConfigDefinition<E extends Entries = Entries> {
  readonly entries: E;
  readonly checks: readonly ConfigCheck[];
}

type Flat<T> = { [Name in keyof T]: T[Name] };

/** What `loadConfig` makes of a definition; whoever makes one by hand may leave out what is optional. */
export type ConfigOf<D> =
  D extends ConfigDefinition<infer E>
    ? Flat<
        { readonly [Name in Exclude<keyof E, OptionalNames<E>>]: ValueOf<E[Name]> } & {
          readonly [Name in OptionalNames<E>]?: ValueOf<E[Name]> | undefined;
        }
      >
    : never;

/** Settings that cannot be used; `message` names every one of them, `problems` has one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'One setting' : `${problems.length} settings`;
    super(`${count} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Declares the settings of a process; a secret with a default is refused here, at the start of every run. */
export function defineConfig<const E extends Entries>(
  entries: E & WithFittingDefaults<E>,
  checks: readonly ConfigCheck[] = [],
): ConfigDefinition<E> {
  for (const entry of Object.values(entries)) {
    if (entry.secret && entry.default !== undefined)
      throw new Error(`${entry.env} is a secret and must not have a default.`);
  }
  return { entries, checks };
}

/** Reads every setting from the environment; throws one ConfigError that names all that are missing or wrong. */
export function loadConfig<E extends Entries>(
  definition: ConfigDefinition<E>,
  environment: Environment,
): ConfigOf<ConfigDefinition<E>> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const wrong = new Set<string>();
  for (const [name, entry] of Object.entries(definition.entries)) {
    const problem = (what: string) => {
      wrong.add(name);
      problems.push(`${entry.env} (${entry.meaning}) ${what}`);
    };
    const text = given(entry, environment, problem);
    if (text === null) continue;
    if (text === undefined) {
      if (entry.default === undefined && !entry.optional)
        problem(`is missing${entry.secret ? `; ${entry.env}_FILE may name a file` : ''}`);
      values[name] = entry.default;
      continue;
    }
    try {
      values[name] = entry.parse(text);
    } catch (error) {
      const expected = error instanceof Error ? error.message : String(error);
      problem(entry.secret ? `must be ${expected}` : `must be ${expected}, not '${text}'`);
    }
  }
  for (const check of definition.checks) {
    const found = check.of.some((name) => wrong.has(name)) ? undefined : check.problem(values);
    if (found !== undefined) problems.push(found);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(values) as ConfigOf<ConfigDefinition<E>>;
}

/** The text of one entry; undefined when it was not given, null when that itself was a problem. */
function given(
  entry: ConfigEntry,
  environment: Environment,
  problem: (what: string) => void,
): string | undefined | null {
  const direct = environment[entry.env] || undefined;
  if (!entry.secret) return direct;
  const file = environment[`${entry.env}_FILE`] || undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) {
    problem(`is given twice, directly and by ${entry.env}_FILE`);
    return null;
  }
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (text !== '') return text;
    problem(`is empty in the file that ${entry.env}_FILE names`);
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    problem(`cannot be read from the file that ${entry.env}_FILE names (${code})`);
  }
  return null;
}

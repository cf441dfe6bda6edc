import type { Alternatives, Literal, Value } from './literals.ts';

/** What is known of facts before anything is asked of them; of a fact that is not named anything may be so. */
export interface Known {
  /** All values that a fact can have. */
  readonly values?: Readonly<Record<string, readonly Value[]>>;
  /** The least value of a number. */
  readonly least?: Readonly<Record<string, number>>;
  /** Facts that are missing for certain. */
  readonly missing?: ReadonlySet<string>;
  /** Facts that are there for certain. */
  readonly present?: ReadonlySet<string>;
  /** Facts under another name. */
  readonly same?: Readonly<Record<string, string>>;
  /** Which values a fact can have depends on those of another; a value of that which is not in the table says nothing. */
  readonly given?: readonly Dependence[];
}

export interface Dependence {
  readonly path: string;
  readonly by: string;
  readonly table: ReadonlyMap<Value, readonly Value[]>;
  /** The values that are left when the other fact is missing. */
  readonly whenMissing?: readonly Value[];
}

/** One way in which everything asked for can be so. */
export interface Way {
  /** The facts on which it still depends: what is asked of every other one is so for certain. */
  readonly open: ReadonlySet<string>;
  /** It depends on something that was not understood. */
  readonly unclear: boolean;
}

/** Why something can never be so. */
export interface Contradiction {
  readonly offset: number;
  readonly reason: string;
}

export type Ways = { readonly ways: readonly Way[] } | { readonly ways: readonly []; readonly contradiction: Contradiction };

/** Every way in which one of the alternatives can hold; none: the first thing that contradicts itself. */
export function waysOf(alternatives: Alternatives, known: Known): Ways {
  const ways: Way[] = [];
  let first: Contradiction | undefined;
  for (const literals of alternatives) {
    const found = wayOf(literals, known);
    if ('reason' in found) first ??= found;
    else ways.push(found);
  }
  if (ways.length > 0 || !first) return { ways };
  return { ways: [], contradiction: first };
}

interface Constraint {
  /** The values left; undefined: any but those excluded. */
  values: ReadonlySet<Value> | undefined;
  readonly excluded: Set<Value>;
  min: number;
  max: number;
  present: boolean | undefined;
  readonly members: Map<Value, boolean>;
  /** What was known before anything was asked. */
  readonly before: number | undefined;
  narrowed: boolean;
}

function wayOf(literals: readonly Literal[], known: Known): Way | Contradiction {
  const facts = new Map<string, Constraint>();
  const opaque = new Map<string, boolean>();
  const open = new Set<string>();
  const name = (path: string): string => known.same?.[path] ?? path;
  const factOf = (path: string): Constraint => {
    const fact = facts.get(path) ?? fresh(path, known);
    facts.set(path, fact);
    return fact;
  };
  for (const literal of literals) {
    switch (literal.kind) {
      case 'constant':
        if (!literal.holds) return { offset: literal.offset, reason: 'this is always false' };
        break;
      case 'opaque': {
        const before = opaque.get(literal.source);
        if (before !== undefined && before !== literal.holds) {
          return { offset: literal.offset, reason: `${literal.source} and its opposite are both asked for` };
        }
        opaque.set(literal.source, literal.holds);
        break;
      }
      default: {
        const path = name(literal.path);
        const reason = narrow(factOf(path), path, literal, known);
        if (reason !== undefined) return { offset: literal.offset, reason };
      }
    }
  }
  for (const dependence of known.given ?? []) {
    const reason = depend(facts, dependence, known, name);
    const at = literals.find((literal) => 'path' in literal && name(literal.path) === name(dependence.path));
    if (reason !== undefined) return { offset: at?.offset ?? 0, reason };
  }
  for (const [path, fact] of facts) if (fact.narrowed) open.add(path);
  return { open, unclear: opaque.size > 0 };
}

function fresh(path: string, known: Known): Constraint {
  const values = known.values?.[path];
  return {
    values: values && new Set(values),
    excluded: new Set(),
    min: known.least?.[path] ?? -Infinity,
    max: Infinity,
    present: known.missing?.has(path) ? false : known.present?.has(path) ? true : undefined,
    members: new Map(),
    before: values?.length,
    narrowed: false,
  };
}

/** Takes in what is asked of one fact; answers why that cannot be. */
function narrow(fact: Constraint, path: string, literal: Exclude<Literal, { kind: 'constant' | 'opaque' }>, known: Known): string | undefined {
  const present = literal.kind === 'present' ? literal.present : true;
  if (fact.present !== undefined && fact.present !== present) {
    return known.missing?.has(path) ? `${path} is never there` : `${path} is asked for and must be missing too`;
  }
  if (fact.present === undefined && literal.kind === 'present') fact.narrowed = true;
  fact.present = present;
  switch (literal.kind) {
    case 'present':
      return undefined;
    case 'member': {
      const before = fact.members.get(literal.value);
      fact.members.set(literal.value, literal.member);
      fact.narrowed = true;
      if (before !== undefined && before !== literal.member) return `${path} cannot hold ${shown(literal.value)} and not hold it`;
      const impossible = literal.member && fact.values !== undefined && !fact.values.has(literal.value);
      return impossible ? `${path} never holds ${shown(literal.value)}` : undefined;
    }
    case 'range':
      fact.narrowed = true;
      fact.min = Math.max(fact.min, literal.min ?? -Infinity);
      fact.max = Math.min(fact.max, literal.max ?? Infinity);
      return emptied(fact, path);
    case 'values': {
      const asked = new Set(literal.values);
      const before = fact.values?.size;
      if (literal.among) fact.values = fact.values ? new Set([...fact.values].filter((value) => asked.has(value))) : asked;
      else {
        for (const value of asked) fact.excluded.add(value);
        if (fact.values) fact.values = new Set([...fact.values].filter((value) => !asked.has(value)));
      }
      if (before === undefined || fact.values?.size !== before) fact.narrowed = true;
      return emptied(fact, path, literal);
    }
  }
}

function emptied(fact: Constraint, path: string, literal?: Literal & { kind: 'values' }): string | undefined {
  if (fact.values === undefined) return fact.min > fact.max ? `no number is what is asked of ${path}` : undefined;
  const left = [...fact.values].filter(
    (value) => !fact.excluded.has(value) && (typeof value !== 'number' || (value >= fact.min && value <= fact.max)),
  );
  fact.values = new Set(left);
  if (left.length > 0) return undefined;
  const asked = literal?.among ? literal.values.map(shown).join(' or ') : undefined;
  return asked === undefined ? `${path} has no value left` : `${path} cannot be ${asked} here`;
}

function depend(
  facts: ReadonlyMap<string, Constraint>,
  { path, by, table, whenMissing }: Dependence,
  known: Known,
  name: (path: string) => string,
): string | undefined {
  const fact = facts.get(name(path));
  // Nothing is asked of it, or it is to be missing.
  if (fact?.values === undefined || fact.present !== true) return undefined;
  const other = facts.get(name(by)) ?? fresh(name(by), known);
  const [possible, said] = possibleBy(other, table, whenMissing);
  if (possible === undefined || [...fact.values].some((value) => possible.has(value))) return undefined;
  return `${path} cannot be ${[...fact.values].map(shown).join(' or ')} ${said(by)}`;
}

type Possible = readonly [ReadonlySet<Value> | undefined, (by: string) => string];

function possibleBy(other: Constraint, table: Dependence['table'], whenMissing: Dependence['whenMissing']): Possible {
  if (other.present === false) return [whenMissing && new Set(whenMissing), (by) => `when ${by} is missing`];
  if (other.values === undefined) return [undefined, () => ''];
  const lists = [...other.values].map((value) => table.get(value));
  if (lists.some((list) => list === undefined)) return [undefined, () => ''];
  const possible = new Set(lists.flatMap((list) => list ?? []));
  if (other.present !== true) for (const value of whenMissing ?? []) possible.add(value);
  return [possible, (by) => `when ${by} is ${[...other.values ?? []].map(shown).join(' or ')}`];
}

function shown(value: Value): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

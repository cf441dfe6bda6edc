/** The type of one fact. A trailing `?` says that the fact may be missing and must be asked for with `has()` first. */
export type FactType = ValueType | `${ValueType}?`;

export type ScalarType = 'string' | 'int' | 'double' | 'bool' | 'timestamp';

export type ValueType = ScalarType | `list<${ScalarType}>`;

/** What an expression may read: nested records of typed facts; names in snake_case. */
export interface FactSchema {
  readonly [name: string]: FactType | FactSchema;
}

/**
 * The facts themselves, shaped like their schema: `int` and `double` as number, `timestamp` as Date or RFC 3339 text,
 * a missing fact as undefined or null. Facts that the schema does not know are ignored.
 */
export type Facts = Readonly<Record<string, unknown>>;

/** One declared fact, found by its dotted path. */
export interface DeclaredFact {
  readonly path: string;
  readonly segments: readonly string[];
  readonly type: ValueType;
  readonly optional: boolean;
}

/** A fact, a record of facts, or the names that would have been known at the segment that is not. */
export type Resolution =
  | { readonly kind: 'fact'; readonly fact: DeclaredFact }
  | { readonly kind: 'record'; readonly names: readonly string[] }
  | { readonly kind: 'unknown'; readonly segment: number; readonly names: readonly string[] };

/** Looks a path up in a schema. */
export function resolvePath(schema: FactSchema, segments: readonly string[]): Resolution {
  let record = schema;
  for (const [index, segment] of segments.entries()) {
    const entry = Object.hasOwn(record, segment) ? record[segment] : undefined;
    if (entry === undefined) return { kind: 'unknown', segment: index, names: Object.keys(record) };
    if (typeof entry !== 'string') {
      record = entry;
      continue;
    }
    if (index < segments.length - 1) return { kind: 'unknown', segment: index + 1, names: [] };
    const optional = entry.endsWith('?');
    const type = (optional ? entry.slice(0, -1) : entry) as ValueType;
    return { kind: 'fact', fact: { path: segments.join('.'), segments, type, optional } };
  }
  return { kind: 'record', names: Object.keys(record) };
}

/** The value as given, null when it is missing; own properties only. */
export function lookUp(facts: Facts, segments: readonly string[]): unknown {
  let value: unknown = facts;
  for (const segment of segments) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return null;
    value = (value as Facts)[segment];
  }
  return value ?? null;
}

/**
 * The facts that an expression reads, as CEL values: a declared int becomes a BigInt, because CEL takes every number
 * of JavaScript for a double. A fact that is missing without being optional, or of another type, is a fault of the
 * caller.
 */
export function celFacts(facts: Facts, declared: readonly DeclaredFact[]): Record<string, unknown> {
  const prepared = Object.create(null) as Record<string, unknown>;
  for (const fact of declared) {
    const value = lookUp(facts, fact.segments);
    // The records on the way exist even for a missing fact, so that has() answers false instead of failing.
    const record = recordFor(prepared, fact.segments);
    if (value !== null) record[fact.segments.at(-1)!] = toCel(value, fact.type, fact.path);
    else if (!fact.optional) throw new Error(`Fact ${fact.path} is missing.`);
  }
  return prepared;
}

function recordFor(root: Record<string, unknown>, segments: readonly string[]): Record<string, unknown> {
  let record = root;
  for (const segment of segments.slice(0, -1)) {
    record = (record[segment] ??= Object.create(null)) as Record<string, unknown>;
  }
  return record;
}

function toCel(value: unknown, type: ValueType, path: string): unknown {
  if (type.startsWith('list<')) {
    if (!Array.isArray(value)) throw wrongType(value, type, path);
    const itemType = type.slice('list<'.length, -1) as ScalarType;
    return value.map((item, index) => scalarToCel(item, itemType, `${path}[${index}]`));
  }
  return scalarToCel(value, type as ScalarType, path);
}

function scalarToCel(value: unknown, type: ScalarType, path: string): unknown {
  if (type === 'string' && typeof value === 'string') return value;
  if (type === 'bool' && typeof value === 'boolean') return value;
  if (type === 'double' && typeof value === 'number') return value;
  if (type === 'int' && typeof value === 'bigint') return value;
  if (type === 'int' && typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (type === 'timestamp') {
    const instant = value instanceof Date ? value : typeof value === 'string' ? new Date(value) : undefined;
    if (instant && !Number.isNaN(instant.getTime())) return instant;
  }
  throw wrongType(value, type, path);
}

function wrongType(value: unknown, type: string, path: string): Error {
  return new Error(`Fact ${path} must be ${type}, is ${Array.isArray(value) ? 'list' : typeof value}.`);
}

/** A CEL value as JSON: BigInt as number, timestamps as RFC 3339. */
export function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(fromCel);
  return value;
}

/** The type of one fact. A trailing `?` says that the fact may be missing and must be asked for with `has()` first. */
export type FactType = ScalarType | `list<${ScalarType}>` | `${ScalarType}?` | `list<${ScalarType}>?`;

export type ScalarType = 'string' | 'int' | 'double' | 'bool' | 'timestamp';

/** What an expression may read: nested records of typed facts; names in snake_case. */
export interface FactSchema {
  readonly [name: string]: FactType | FactSchema;
}

/**
 * The facts themselves, shaped like their schema: `int` and `double` as number, `timestamp` as Date or RFC 3339 text,
 * a missing fact as undefined or null. Facts that the schema does not know are ignored.
 */
export type Facts = Readonly<Record<string, unknown>>;

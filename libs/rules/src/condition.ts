import type { FactSchema, Facts } from './facts.ts';

/** A checked expression of any type; evaluating gives a JSON value (int and double as number, timestamp as RFC 3339). */
export interface Expression {
  readonly source: string;
  /** Its CEL type, e.g. `int` or `list<string>`. */
  readonly type: string;
  /** Every fact that it reads, as dotted paths, in order of appearance. */
  readonly paths: readonly string[];
  evaluate(facts: Facts): unknown;
}

/** One conjunct of a condition, with the values that it read (null: missing). */
export interface ConditionPart {
  readonly source: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** null: not judged, because a fact is missing that an earlier part asks for. */
  readonly result: boolean | null;
}

export interface Explanation {
  readonly result: boolean;
  readonly parts: readonly ConditionPart[];
}

/** A checked expression of type bool. */
export interface Condition {
  readonly source: string;
  readonly paths: readonly string[];
  evaluate(facts: Facts): boolean;
  explain(facts: Facts): Explanation;
}

export function compileCondition(source: string, schema: FactSchema): Condition {
  throw new Error(`${source} ${Object.keys(schema)}`);
}

export function compileExpression(source: string, schema: FactSchema): Expression {
  throw new Error(`${source} ${Object.keys(schema)}`);
}

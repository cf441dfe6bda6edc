import {
  Environment,
  ParseError,
  TypeError as CelTypeError,
  type ASTNode,
  type ParseResult,
} from '@marcbachmann/cel-js';
import { pathSteps, subNodes } from './ast.ts';
import { checkAst } from './check-ast.ts';
import { comparisonsOf, type Comparison } from './comparisons.ts';
import { ExpressionError } from './expression-error.ts';
import { celFacts, fromCel, lookUp, type DeclaredFact, type FactSchema, type Facts } from './facts.ts';
import { alternativesOf, type Alternatives } from './literals.ts';
import { nodeSource } from './node-source.ts';
import { re2 } from './re2.ts';

/** A checked expression of any type; it gives a JSON value (int and double as number, timestamp as RFC 3339). */
export interface Expression {
  readonly source: string;
  /** Its CEL type, e.g. `int` or `list<string>`. */
  readonly type: string;
  /** Every fact that it reads, as dotted paths, in order of appearance. */
  readonly paths: readonly string[];
  /** Throws only when the facts do not fit the schema. */
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
  /** The texts that it compares facts with. */
  readonly comparisons: readonly Comparison[];
  /** What it asks for, as alternatives to reason about; undefined when they would be too many. */
  alternatives(): Alternatives | undefined;
  /** Throws only when the facts do not fit the schema. */
  evaluate(facts: Facts): boolean;
  /** The same answer conjunct by conjunct: a part whose result is false is why the whole is. */
  explain(facts: Facts): Explanation;
}

const MAX_LENGTH = 2000;
const limits = { maxAstNodes: 500, maxDepth: 24, maxListElements: 100, maxMapEntries: 8, maxCallArguments: 8 };

/** Checks an expression that must be a bool; throws ExpressionError: what is wrong, where, what was expected. */
export function compileCondition(source: string, schema: FactSchema): Condition {
  const compiled = compile(source, schema);
  if (compiled.type !== 'bool') {
    throw new ExpressionError(`The condition gives ${compiled.type}.`, 0, 'a condition that gives bool');
  }
  let parts: readonly Conjunct[] | undefined;
  return {
    source,
    paths: compiled.facts.map((fact) => fact.path),
    comparisons: comparisonsOf(compiled.ast),
    alternatives: () => alternativesOf(compiled.ast),
    evaluate: (facts) => compiled.run(celFacts(facts, compiled.facts)) === true,
    explain: (facts) => {
      parts ??= conjuncts(compiled.ast).map((node) => conjunct(node, schema, compiled.facts));
      const values = celFacts(facts, compiled.facts);
      const explained = parts.map((part) => explainPart(part, facts, values));
      return { result: explained.every((part) => part.result === true), parts: explained };
    },
  };
}

/** Checks an expression of any type; throws ExpressionError like compileCondition. */
export function compileExpression(source: string, schema: FactSchema): Expression {
  const compiled = compile(source, schema);
  return {
    source,
    type: compiled.type,
    paths: compiled.facts.map((fact) => fact.path),
    evaluate: (facts) => fromCel(compiled.run(celFacts(facts, compiled.facts))),
  };
}

interface Compiled {
  readonly ast: ASTNode;
  readonly run: ParseResult;
  readonly type: string;
  readonly facts: readonly DeclaredFact[];
}

function compile(source: string, schema: FactSchema): Compiled {
  // Before parsing: the parser descends once per sign and would run out of stack before its own limits are looked at.
  if (source.length > MAX_LENGTH) {
    throw new ExpressionError('The expression is too long.', MAX_LENGTH, `at most ${MAX_LENGTH} characters`);
  }
  const run = parse(source, schema);
  const facts = checkAst(run.ast, schema);
  const checked = run.check();
  if (!checked.valid) throw toExpressionError(checked.error);
  return { ast: run.ast, run, type: checked.type ?? 'dyn', facts };
}

function parse(source: string, schema: FactSchema): ParseResult {
  try {
    return environmentFor(schema).parse(source);
  } catch (error) {
    throw toExpressionError(error);
  }
}

function toExpressionError(error: unknown): ExpressionError {
  if (!(error instanceof ParseError || error instanceof CelTypeError)) {
    throw new Error('The expression could not be checked.', { cause: error });
  }
  return new ExpressionError(`${error.summary}.`, error.range?.start ?? 0, expectedFor(error.code), { cause: error });
}

function expectedFor(code: string): string {
  switch (code) {
    case 'limit_exceeded':
      return `at most ${limits.maxAstNodes} nodes, depth ${limits.maxDepth}, lists of ${limits.maxListElements}`;
    case 'no_such_overload':
    case 'no_matching_overload':
    case 'heterogeneous_list_element':
      return "operands of the same type, such as 2 for int, 2.0 for double, 'x' for string";
    case 'invalid_logical_operand':
    case 'invalid_condition_type':
      return 'bool on both sides, such as a == b && c > 1';
    default:
      return 'a CEL expression over the declared facts';
  }
}

const environments = new WeakMap<FactSchema, Environment>();

/** Declaring the variables is dear, and one schema serves many expressions. */
function environmentFor(schema: FactSchema): Environment {
  const known = environments.get(schema);
  if (known) return known;
  const environment = new Environment({ limits });
  environment.registerFunction('re2(string, string): bool', re2);
  for (const [name, entry] of Object.entries(schema)) {
    if (typeof entry === 'string') environment.registerVariable(name, celType(entry));
    else environment.registerVariable({ name, schema: celSchema(entry) });
  }
  environments.set(schema, environment);
  return environment;
}

interface CelSchema {
  [name: string]: string | CelSchema;
}

function celSchema(schema: FactSchema): CelSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([name, entry]) => [
      name,
      typeof entry === 'string' ? celType(entry) : celSchema(entry),
    ]),
  );
}

function celType(type: string): string {
  return type.replace('?', '').replace('timestamp', 'google.protobuf.Timestamp');
}

interface Conjunct {
  readonly source: string;
  readonly run: ParseResult;
  readonly facts: readonly DeclaredFact[];
}

function conjuncts(node: ASTNode): readonly ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(conjuncts) : [node];
}

function conjunct(node: ASTNode, schema: FactSchema, facts: readonly DeclaredFact[]): Conjunct {
  const source = nodeSource(node);
  const run = parse(source, schema);
  const read = new Set(pathsOf(node));
  return { source, run, facts: facts.filter((fact) => read.has(fact.path)) };
}

/** Every dotted name in a checked tree; names that are no facts do not matter to the caller. */
function pathsOf(node: ASTNode): readonly string[] {
  const steps = pathSteps(node);
  return steps ? [steps.map(({ name }) => name).join('.')] : subNodes(node).flatMap(pathsOf);
}

function explainPart(part: Conjunct, facts: Facts, values: Record<string, unknown>): ConditionPart {
  const read = part.facts.map((fact) => [fact.path, shown(lookUp(facts, fact.segments))] as const);
  return { source: part.source, value: Object.fromEntries(read), result: judge(part, facts, values) };
}

function judge(part: Conjunct, facts: Facts, values: Record<string, unknown>): boolean | null {
  try {
    return part.run(values) === true;
  } catch (error) {
    // Alone, a part lacks the has() that stands before it in the whole.
    if (part.facts.some((fact) => fact.optional && lookUp(facts, fact.segments) === null)) return null;
    throw error;
  }
}

function shown(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

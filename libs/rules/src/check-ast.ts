import type { ASTNode } from '@marcbachmann/cel-js';
import { pathSteps } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { resolvePath, type DeclaredFact, type FactSchema } from './facts.ts';
import { compilePattern } from './re2.ts';

const MAX_NESTED_MACROS = 2;

const macros = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/**
 * The functions that an expression may call. None of them can fail on facts of the declared types, so that a checked
 * expression always has a value: left out are conversions that parse, list indexes, and matches(), which is a
 * backtracking RegExp.
 */
const functions = new Set(['duration', 'has', 're2', 'size', 'string', 'timestamp']);
const methods = new Set([...macros, 'contains', 'endsWith', 'lowerAscii', 'size', 'startsWith', 'trim', 'upperAscii']);

const PATH_DOES_NOT_EXIST = 'There is no fact';

interface Scope {
  /** Iteration variables of the macros around. */
  readonly variables: ReadonlySet<string>;
  /** Optional facts that are known to be there. */
  readonly present: ReadonlySet<string>;
  readonly macroDepth: number;
}

/** Checks what the type checker does not: names, allowed functions, nesting, has() before optional facts. */
export function checkAst(root: ASTNode, schema: FactSchema): readonly DeclaredFact[] {
  const read = new Map<string, DeclaredFact>();
  visit(root, { variables: new Set(), present: new Set(), macroDepth: 0 });
  return [...read.values()];

  function visit(node: ASTNode, scope: Scope): void {
    switch (node.op) {
      case 'value':
        return;
      case 'id':
      case '.':
        return visitPath(node, scope);
      case '&&':
        return visitLogical(node.args, true, scope);
      case '||':
        return visitLogical(node.args, false, scope);
      case '?:': {
        const [condition, then, otherwise] = node.args;
        visit(condition, scope);
        visit(then, withPresent(scope, presentWhen(condition, true)));
        return visit(otherwise, withPresent(scope, presentWhen(condition, false)));
      }
      case '!_':
      case '-_':
        return visit(node.args, scope);
      case 'call':
        return visitCall(node, node.args[0], node.args[1], scope);
      case 'rcall':
        return visitMethod(node, node.args[0], node.args[1], node.args[2], scope);
      case 'list':
        for (const item of node.args) visit(item, scope);
        return;
      case '/':
      case '%': {
        const [, divisor] = node.args;
        if (divisor.op !== 'value' || Number(divisor.args) === 0) {
          throw new ExpressionError('The divisor might be zero.', divisor.start, 'a number other than 0');
        }
        return visitBoth(node.args, scope);
      }
      case '[]':
      case '[?]':
      case '.?':
        throw new ExpressionError(
          'Indexes are not available.',
          node.start,
          'in, exists(), all() or a field after a dot',
        );
      case 'map':
        throw new ExpressionError('Map literals are not available.', node.start, 'a fact, a literal or a list');
      default:
        return visitBoth(node.args, scope);
    }
  }

  function visitBoth([left, right]: readonly [ASTNode, ASTNode], scope: Scope): void {
    visit(left, scope);
    visit(right, scope);
  }

  function visitLogical([left, right]: readonly [ASTNode, ASTNode], goesOnWhen: boolean, scope: Scope): void {
    visit(left, scope);
    visit(right, withPresent(scope, presentWhen(left, goesOnWhen)));
  }

  function visitPath(node: ASTNode, scope: Scope): void {
    const fact = readFact(node, scope);
    if (!fact?.optional || scope.present.has(fact.path)) return;
    throw new ExpressionError(`${fact.path} may be missing.`, node.start, `has(${fact.path}) && … before it`);
  }

  /** The fact that a path names, remembered as read; undefined for an iteration variable or a computed value. */
  function readFact(node: ASTNode, scope: Scope): DeclaredFact | undefined {
    const steps = pathSteps(node);
    if (!steps) {
      throw new ExpressionError('Only facts have fields.', node.start, 'a fact such as ' + exampleFact(schema));
    }
    const [first] = steps;
    if (first && scope.variables.has(first.name)) {
      const second = steps[1];
      if (!second) return undefined;
      throw new ExpressionError(`${first.name} has no fields.`, second.at, 'the plain item');
    }
    const found = resolvePath(
      schema,
      steps.map((step) => step.name),
    );
    if (found.kind === 'fact') {
      read.set(found.fact.path, found.fact);
      return found.fact;
    }
    const written = steps.map((step) => step.name).join('.');
    if (found.kind === 'record') {
      throw new ExpressionError(`${written} is a group of facts.`, node.start, `one of ${paths(written, found.names)}`);
    }
    const at = steps[found.segment]?.at ?? node.start;
    const parent = steps
      .slice(0, found.segment)
      .map((step) => step.name)
      .join('.');
    throw new ExpressionError(
      `${PATH_DOES_NOT_EXIST} ${written}.`,
      at,
      found.names.length === 0 ? `nothing after ${parent}` : `one of ${paths(parent, found.names)}`,
    );
  }

  function visitCall(node: ASTNode, name: string, args: readonly ASTNode[], scope: Scope): void {
    if (!functions.has(name)) throw unknownFunction(node, name, functions);
    if (name === 'has') {
      const [path] = args;
      if (!path || args.length !== 1 || path.op !== '.') {
        throw new ExpressionError('has() asks for one fact.', node.start, `has(${exampleFact(schema)})`);
      }
      readFact(path, scope);
      return;
    }
    if (name === 're2') checkPattern(node, args[1]);
    if (name === 'timestamp' || name === 'duration') checkInstant(node, name, args[0]);
    for (const arg of args) visit(arg, scope);
  }

  function visitMethod(node: ASTNode, name: string, receiver: ASTNode, args: readonly ASTNode[], scope: Scope): void {
    if (!methods.has(name)) throw unknownFunction(node, name, methods);
    visit(receiver, scope);
    if (!macros.has(name)) {
      for (const arg of args) visit(arg, scope);
      return;
    }
    const [variable, ...bodies] = args;
    if (variable?.op !== 'id' || Object.hasOwn(schema, variable.args) || scope.variables.has(variable.args)) {
      throw new ExpressionError(
        `${name}() needs a name for the item.`,
        variable?.start ?? node.start,
        'a name that is not a fact, such as x',
      );
    }
    if (scope.macroDepth >= MAX_NESTED_MACROS) {
      throw new ExpressionError(
        `${name}() is nested too deep.`,
        node.start,
        `at most ${MAX_NESTED_MACROS} macros in each other`,
      );
    }
    const inner = {
      ...scope,
      variables: new Set([...scope.variables, variable.args]),
      macroDepth: scope.macroDepth + 1,
    };
    for (const body of bodies) visit(body, inner);
  }
}

function withPresent(scope: Scope, more: readonly string[]): Scope {
  return more.length === 0 ? scope : { ...scope, present: new Set([...scope.present, ...more]) };
}

/** The optional facts that must be there when the node has this value. */
function presentWhen(node: ASTNode, value: boolean): readonly string[] {
  switch (node.op) {
    case '!_':
      return presentWhen(node.args, !value);
    case '&&':
      return value ? node.args.flatMap((arg) => presentWhen(arg, true)) : [];
    case '||':
      return value ? [] : node.args.flatMap((arg) => presentWhen(arg, false));
    case 'call': {
      const [name, args] = node.args;
      const steps = value && name === 'has' && args[0] ? pathSteps(args[0]) : undefined;
      return steps ? [steps.map((step) => step.name).join('.')] : [];
    }
    default:
      return [];
  }
}

function checkPattern(node: ASTNode, pattern: ASTNode | undefined): void {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    throw new ExpressionError('The pattern must be written out.', pattern?.start ?? node.start, "re2(text, 'pattern')");
  }
  try {
    compilePattern(pattern.args);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpressionError(
      `The pattern cannot be used: ${why}`,
      pattern.start,
      'an RE2 pattern of at most 200 characters',
      {
        cause,
      },
    );
  }
}

const durationText = /^-?(\d+(\.\d+)?(h|m|s|ms))+$/;

function checkInstant(node: ASTNode, name: 'timestamp' | 'duration', arg: ASTNode | undefined): void {
  const text = arg?.op === 'value' && typeof arg.args === 'string' ? arg.args : undefined;
  const known =
    text !== undefined &&
    (name === 'duration' ? durationText.test(text) : /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)));
  if (known) return;
  const example = name === 'duration' ? "duration('36h')" : "timestamp('2026-01-31T08:00:00Z')";
  throw new ExpressionError(`${name}() needs it written out.`, arg?.start ?? node.start, example);
}

function unknownFunction(node: ASTNode, name: string, known: ReadonlySet<string>): ExpressionError {
  const at = node.op === 'rcall' ? node.input.indexOf(name, node.args[1].end) : node.start;
  const expected = name === 'matches' ? "re2(text, 'pattern')" : `one of ${[...known].sort().join(', ')}`;
  return new ExpressionError(`${name}() is not available.`, at, expected);
}

function paths(parent: string, names: readonly string[]): string {
  return names.map((name) => (parent ? `${parent}.${name}` : name)).join(', ');
}

/** Any fact of the schema, to show how one is written. */
function exampleFact(schema: FactSchema, before = ''): string {
  const [first] = Object.entries(schema);
  if (!first) return 'a fact';
  const [name, entry] = first;
  return typeof entry === 'string' ? before + name : exampleFact(entry, `${before}${name}.`);
}

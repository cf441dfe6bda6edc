import type { ASTNode } from '@marcbachmann/cel-js';
import { pathSteps, subNodes } from './ast.ts';
import { nodeSource } from './node-source.ts';

export type Value = string | number | boolean;

/** One thing that a condition asks for, as far as it can be reasoned about. */
export type Literal = { readonly offset: number } & (
  | { readonly kind: 'values'; readonly path: string; readonly values: readonly Value[]; readonly among: boolean }
  | { readonly kind: 'range'; readonly path: string; readonly min?: number; readonly max?: number }
  | { readonly kind: 'present'; readonly path: string; readonly present: boolean }
  | { readonly kind: 'member'; readonly path: string; readonly value: Value; readonly member: boolean }
  /** Known whatever the facts are. */
  | { readonly kind: 'constant'; readonly holds: boolean }
  /** Not understood; the same text is the same truth. */
  | { readonly kind: 'opaque'; readonly source: string; readonly holds: boolean; readonly paths: readonly string[] }
);

/** Alternatives, each a list of literals that all have to hold. */
export type Alternatives = readonly (readonly Literal[])[];

/** More alternatives than this are not looked at: their number doubles with each `||`. */
const MOST_ALTERNATIVES = 256;

/** A condition, or its opposite, as alternatives; undefined when there would be too many of them. */
export function alternativesOf(node: ASTNode, holds = true): Alternatives | undefined {
  switch (node.op) {
    case '&&':
    case '||': {
      const [left, right] = node.args.map((arg) => alternativesOf(arg, holds));
      if (!left || !right) return undefined;
      return (node.op === '&&') === holds ? both(left, right) : either(left, right);
    }
    case '!_':
      return alternativesOf(node.args, !holds);
    case '?:': {
      const [condition, then, otherwise] = node.args;
      const [met, unmet] = [alternativesOf(condition), alternativesOf(condition, false)];
      const [yes, no] = [alternativesOf(then, holds), alternativesOf(otherwise, holds)];
      if (!met || !unmet || !yes || !no) return undefined;
      const [first, second] = [both(met, yes), both(unmet, no)];
      return first && second && either(first, second);
    }
    default:
      return [[literalOf(node, holds)]];
  }
}

/** Everything of every one of them at once; undefined when there would be too many alternatives. */
export function allOf(conditions: readonly Alternatives[]): Alternatives | undefined {
  return conditions.reduce<Alternatives | undefined>((all, one) => all && both(all, one), [[]]);
}

/** The same of facts under other names; undefined: the name stays. */
export function renamed(alternatives: Alternatives, nameOf: (path: string) => string | undefined): Alternatives {
  return alternatives.map((literals) =>
    literals.map((literal) => {
      if (literal.kind === 'constant') return literal;
      if (literal.kind !== 'opaque') return { ...literal, path: nameOf(literal.path) ?? literal.path };
      const paths = literal.paths.map((path) => nameOf(path) ?? path);
      const source = `${literal.source} of ${paths.join(', ')}`;
      return { ...literal, paths, source: paths.every((path, index) => path === literal.paths[index]) ? literal.source : source };
    }),
  );
}

function both(left: Alternatives, right: Alternatives): Alternatives | undefined {
  if (left.length * right.length > MOST_ALTERNATIVES) return undefined;
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

function either(left: Alternatives, right: Alternatives): Alternatives | undefined {
  return left.length + right.length > MOST_ALTERNATIVES ? undefined : [...left, ...right];
}

function literalOf(node: ASTNode, holds: boolean): Literal {
  const offset = node.start;
  const path = pathOf(node);
  if (path !== undefined) return { kind: 'values', path, values: [holds], among: true, offset };
  switch (node.op) {
    case 'value':
      return typeof node.args === 'boolean' ? { kind: 'constant', holds: node.args === holds, offset } : opaque(node, holds);
    case 'call': {
      const [name, [asked]] = node.args;
      const present = name === 'has' && asked ? pathOf(asked) : undefined;
      return present === undefined ? opaque(node, holds) : { kind: 'present', path: present, present: holds, offset };
    }
    case 'in':
      return membership(node.args, holds, offset) ?? opaque(node, holds);
    case '==':
    case '!=':
      return equality(node.args, (node.op === '==') === holds, offset) ?? opaque(node, holds);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node.args, node.op, holds, offset) ?? opaque(node, holds);
    default:
      return opaque(node, holds);
  }
}

type Pair = readonly [ASTNode, ASTNode];

function equality([left, right]: Pair, among: boolean, offset: number): Literal | undefined {
  const [one, other] = [constantOf(left), constantOf(right)];
  if (one !== undefined && other !== undefined) return { kind: 'constant', holds: (one === other) === among, offset };
  const path = pathOf(left) ?? pathOf(right);
  const value = one ?? other;
  return path === undefined || value === undefined ? undefined : { kind: 'values', path, values: [value], among, offset };
}

function membership([item, list]: Pair, holds: boolean, offset: number): Literal | undefined {
  const path = pathOf(item);
  const values = list.op === 'list' ? list.args.map(constantOf) : [undefined];
  if (path !== undefined && values.every((value) => value !== undefined)) {
    return { kind: 'values', path, values, among: holds, offset };
  }
  const [value, of] = [constantOf(item), pathOf(list)];
  return value === undefined || of === undefined ? undefined : { kind: 'member', path: of, value, member: holds, offset };
}

const opposite = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;
const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function comparison([left, right]: Pair, op: keyof typeof opposite, holds: boolean, offset: number): Literal | undefined {
  const [one, other] = [constantOf(left), constantOf(right)];
  const [path, bound] = [pathOf(left) ?? pathOf(right), one ?? other];
  if (path === undefined || typeof bound !== 'number' || !isWhole(left, right)) return undefined;
  const asked = holds ? op : opposite[op];
  // Whole numbers only, so that an open bound is the next number.
  switch (one === undefined ? asked : mirrored[asked]) {
    case '<':
      return { kind: 'range', path, max: bound - 1, offset };
    case '<=':
      return { kind: 'range', path, max: bound, offset };
    case '>':
      return { kind: 'range', path, min: bound + 1, offset };
    default:
      return { kind: 'range', path, min: bound, offset };
  }
}

function isWhole(...nodes: readonly ASTNode[]): boolean {
  return nodes.some((node) => typeof (node.op === '-_' ? node.args : node).args === 'bigint');
}

function constantOf(node: ASTNode): Value | undefined {
  if (node.op === '-_') {
    const value = constantOf(node.args);
    return typeof value === 'number' ? -value : undefined;
  }
  if (node.op !== 'value') return undefined;
  const value: unknown = node.args;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function opaque(node: ASTNode, holds: boolean): Literal {
  return { kind: 'opaque', source: nodeSource(node), holds, paths: pathsOf(node), offset: node.start };
}

function pathOf(node: ASTNode): string | undefined {
  return node.op === 'id' || node.op === '.' ? pathSteps(node)?.map(({ name }) => name).join('.') : undefined;
}

function pathsOf(node: ASTNode): readonly string[] {
  const path = pathOf(node);
  return path === undefined ? subNodes(node).flatMap(pathsOf) : [path];
}

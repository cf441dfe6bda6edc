import type { ASTNode } from '@marcbachmann/cel-js';
import { pathSteps, subNodes } from './ast.ts';

/** A text that an expression compares with a fact, so that whoever knows the fact's codes can check it. */
export interface Comparison {
  readonly path: string;
  readonly text: string;
  /** Of the text, in the expression. */
  readonly offset: number;
}

/** Every `fact == 'text'`, `fact != 'text'`, `fact in ['text', …]` and `'text' in fact` of a checked tree. */
export function comparisonsOf(node: ASTNode): readonly Comparison[] {
  return [...ownComparisons(node), ...subNodes(node).flatMap(comparisonsOf)];
}

function ownComparisons(node: ASTNode): readonly Comparison[] {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return [];
  const [left, right] = node.args;
  return [...compared(left, right), ...compared(right, left)];
}

function compared(fact: ASTNode, other: ASTNode): readonly Comparison[] {
  const steps = pathSteps(fact);
  if (!steps) return [];
  const path = steps.map(({ name }) => name).join('.');
  const literals = other.op === 'list' ? other.args : [other];
  return literals.flatMap((literal) =>
    literal.op === 'value' && typeof literal.args === 'string'
      ? [{ path, text: literal.args, offset: literal.start }]
      : [],
  );
}

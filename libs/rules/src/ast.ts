import type { ASTNode } from '@marcbachmann/cel-js';

/** One name of a dotted path and its offset. */
export interface Step {
  readonly name: string;
  readonly at: number;
}

/** `a.b.c` as steps; undefined when it starts with something else than a name. */
export function pathSteps(node: ASTNode): readonly Step[] | undefined {
  if (node.op === 'id') return [{ name: node.args, at: node.start }];
  if (node.op !== '.') return undefined;
  const [left, name] = node.args;
  const before = pathSteps(left);
  return before && [...before, { name, at: node.end - name.length }];
}

/** The nodes directly below. */
export function subNodes(node: ASTNode): readonly ASTNode[] {
  const args: readonly unknown[] = Array.isArray(node.args) ? node.args.flat() : [node.args];
  return args.filter(isNode);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

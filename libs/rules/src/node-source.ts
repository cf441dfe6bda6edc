import type { ASTNode } from '@marcbachmann/cel-js';

/** Raw, long and short strings and comments are passed over, so that a bracket in them does not count. */
const tokens =
  /[rR]?"""[^]*?"""|[rR]?'''[^]*?'''|[rR]"[^"]*"|[rR]'[^']*'|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/[^\n]*|[()]/g;

/**
 * The text of a node as it was written. The parser's ranges leave out the brackets at their ends, and its serializer
 * drops brackets that matter (`a - (b - c)`), so the range is widened to the brackets that it cuts through.
 */
export function nodeSource(node: ASTNode): string {
  const brackets = matchingBrackets(node.input);
  let { start, end } = node;
  for (let widened = true; widened;) {
    widened = false;
    for (const [open, close] of brackets) {
      const cutsOpen = open >= start && open < end && close >= end;
      const cutsClose = close >= start && close < end && open < start;
      if (!cutsOpen && !cutsClose) continue;
      start = Math.min(start, open);
      end = Math.max(end, close + 1);
      widened = true;
    }
  }
  return node.input.slice(start, end).trim();
}

function matchingBrackets(source: string): readonly (readonly [open: number, close: number])[] {
  const open: number[] = [];
  return [...source.matchAll(tokens)].flatMap(({ 0: token, index }) => {
    if (token === '(') open.push(index);
    const opened = token === ')' ? open.pop() : undefined;
    return opened === undefined ? [] : [[opened, index] as const];
  });
}

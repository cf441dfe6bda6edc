import type { Scalar } from 'yaml';

/**
 * Where the n-th character of a scalar's value stands in the file. Folding and indentation change white space only, so
 * the other characters are walked in step; quotes and escapes are skipped.
 */
export function offsetInScalar(text: string, scalar: Scalar, offset: number): number {
  const start = scalar.range?.[0] ?? 0;
  const value = typeof scalar.value === 'string' ? scalar.value : '';
  let at = contentStart(text, start, scalar.type);
  for (let index = 0; index < Math.min(offset, value.length); index += 1) {
    if (isBlank(value[index])) {
      const next = skipBlanks(text, at);
      if (scalar.type === 'QUOTE_DOUBLE' && /^\\[ntr \t]/.test(text.slice(next, next + 2))) at = next + 2;
      continue;
    }
    at = skipBlanks(text, at);
    at += sourceLength(text, at, scalar.type);
  }
  const wanted = value[offset];
  return wanted === undefined || isBlank(wanted) ? at : skipBlanks(text, at);
}

function contentStart(text: string, start: number, type: Scalar['type']): number {
  if (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') return start + 1;
  if (type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL') return text.indexOf('\n', start) + 1;
  return start;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (isBlank(text[next])) next += 1;
  return next;
}

const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** How many characters of the file make one character of the value. */
function sourceLength(text: string, at: number, type: Scalar['type']): number {
  if (type === 'QUOTE_SINGLE' && text[at] === "'") return 2;
  if (type === 'QUOTE_DOUBLE' && text[at] === '\\') return escapeLengths[text[at + 1] ?? ''] ?? 2;
  return 1;
}

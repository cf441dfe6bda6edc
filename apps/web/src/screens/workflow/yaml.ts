/** What a piece of a line is, for its colour. */
export type TokenKind = 'plain' | 'key' | 'value' | 'expression' | 'comment';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const LINE = /^(\s*(?:- )*\s*)(?:([A-Za-z_][\w.-]*)(:)(?=\s|$))?(.*)$/;
const PIECE = /(\s#.*$)|('(?:[^']|'')*'|"(?:[^"\\]|\\.)*")|([A-Za-z_][\w.-]*)(:)(?=\s)|(\b\d+(?:\.\d+)?\b|\b(?:true|false|null)\b)/g;
const EXPRESSION_KEYS: ReadonlySet<string> = new Set(['condition', 'when']);

/** The pieces of every line of YAML, well enough to colour it: not a parser, and never wrong about the text itself. */
export function highlight(source: string): readonly (readonly Token[])[] {
  let block: { readonly indent: number; readonly kind: TokenKind } | undefined;
  return source.split('\n').map((line) => {
    const indent = line.search(/\S/);
    if (block && (indent < 0 || indent > block.indent)) return pieces([[block.kind, line]]);
    block = undefined;
    if (line.trimStart().startsWith('#')) return pieces([['comment', line]]);
    const [, lead = '', key, colon = '', rest = ''] = LINE.exec(line) ?? [];
    const isExpression = key !== undefined && EXPRESSION_KEYS.has(key);
    if (/^\s*[|>][-+]?\d?\s*$/.test(rest)) block = { indent: lead.length, kind: isExpression ? 'expression' : 'value' };
    const head: readonly (readonly [TokenKind, string])[] = key === undefined ? [['plain', lead]] : [['plain', lead], ['key', key], ['plain', colon]];
    return pieces([...head, ...(isExpression && !block ? [['expression', rest] as const] : valuesOf(rest))]);
  });
}

function valuesOf(text: string): readonly (readonly [TokenKind, string])[] {
  const found: (readonly [TokenKind, string])[] = [];
  let at = 0;
  for (const match of text.matchAll(PIECE)) {
    const [all, comment, quoted, key, colon] = match;
    found.push(['plain', text.slice(at, match.index)]);
    if (comment !== undefined) found.push(['comment', comment]);
    else if (key !== undefined) found.push(['key', key], ['plain', colon ?? '']);
    else found.push(['value', quoted ?? all]);
    at = match.index + all.length;
  }
  return [...found, ['plain', text.slice(at)]];
}

function pieces(found: readonly (readonly [TokenKind, string])[]): readonly Token[] {
  return found.filter(([, text]) => text !== '').map(([kind, text]) => ({ kind, text }));
}

/** A template as a draft of its next version. */
export function asNextVersion(source: string, next: number): string {
  return source.replace(/^version:[ \t]*\d+/m, `version: ${next}`);
}

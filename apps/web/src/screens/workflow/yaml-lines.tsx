import type { DiffLine } from './line-diff.ts';
import type { TokenKind, Token } from './yaml.ts';
import classes from './yaml.module.css';

const tokenClass: Readonly<Record<TokenKind, string | undefined>> = {
  plain: undefined,
  key: classes['key'],
  value: classes['value'],
  expression: classes['expression'],
  comment: classes['comment'],
};

/** The coloured words of a line. */
export function Tokens({ tokens }: { readonly tokens: readonly Token[] }) {
  return tokens.map(({ kind, text }, index) => (kind === 'plain' ? text : <span key={index} className={tokenClass[kind]}>{text}</span>));
}

export function signOf(kind: DiffLine['kind']): string {
  return kind === 'added' ? '+' : kind === 'removed' ? '−' : '';
}

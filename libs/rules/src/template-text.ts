import { ExpressionError } from './expression-error.ts';
import { lookUp, resolvePath, type DeclaredFact, type FactSchema, type Facts } from './facts.ts';

/** A text with `{{ path }}` placeholders, checked against its facts. */
export interface TemplateText {
  readonly source: string;
  /** Every fact that it shows. */
  readonly paths: readonly string[];
  /** A missing fact is shown as nothing; what a fact contains is never read as a placeholder. */
  render(facts: Facts): string;
}

const EXPECTED = '{{ path }}';

/** Checks the placeholders; throws ExpressionError for an unknown path, a list, or braces that do not close. */
export function compileTemplateText(source: string, schema: FactSchema): TemplateText {
  const pieces: (string | DeclaredFact)[] = [];
  let rest = 0;
  for (let open = source.indexOf('{{'); open !== -1; open = source.indexOf('{{', rest)) {
    const close = source.indexOf('}}', open);
    if (close === -1) throw new ExpressionError('The placeholder is not closed.', open, EXPECTED);
    pieces.push(literal(source, rest, open), placeholder(source.slice(open + 2, close), open + 2, schema));
    rest = close + 2;
  }
  pieces.push(literal(source, rest, source.length));
  return {
    source,
    paths: pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.path])),
    render: (facts) =>
      pieces
        .map((piece) => (typeof piece === 'string' ? piece : show(piece, facts)))
        .join('')
        .trimEnd(),
  };
}

function literal(source: string, from: number, to: number): string {
  const text = source.slice(from, to);
  const stray = text.indexOf('}}');
  if (stray !== -1) throw new ExpressionError('}} closes nothing.', from + stray, EXPECTED);
  return text;
}

function placeholder(inside: string, at: number, schema: FactSchema): DeclaredFact {
  const path = inside.trim();
  const offset = at + inside.length - inside.trimStart().length;
  if (!/^\w+(\.\w+)*$/.test(path)) throw new ExpressionError('The placeholder is not a path.', offset, EXPECTED);
  const found = resolvePath(schema, path.split('.'));
  if (found.kind === 'fact' && /^(string|int|double|bool)$/.test(found.fact.type)) return found.fact;
  throw new ExpressionError(`{{ ${path} }} cannot be shown here.`, offset, `one of ${shownPaths(schema).join(', ')}`);
}

/** Every path that a placeholder may name. */
function shownPaths(schema: FactSchema, before = ''): readonly string[] {
  return Object.entries(schema).flatMap(([name, entry]) => {
    if (typeof entry !== 'string') return shownPaths(entry, `${before}${name}.`);
    return /^(string|int|double|bool)\??$/.test(entry) ? [before + name] : [];
  });
}

function show(fact: DeclaredFact, facts: Facts): string {
  const value = lookUp(facts, fact.segments);
  return value === null ? '' : String(value as string | number | boolean);
}

import { readFileSync, statSync } from 'node:fs';
import { isMap, isScalar, isSeq, parseDocument, visit, type Document, type Node, type Range } from 'yaml';
import { CatalogError, type Problem } from './catalog-error.ts';
import { schemaProblems } from './schema-problems.ts';
import { offsetInScalar } from './scalar-offset.ts';

/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type YamlPath = readonly (string | number)[];

/** A file that was read and checked, and where everything in it stands. */
export interface YamlFile<T> {
  readonly value: T;
  readonly text: string;
  readonly file: string;
  /** Where the value at the path begins; of a path that is not there, the nearest part above it. */
  place(path: YamlPath): Position;
  /** Where the value at the path begins and ends. */
  range(path: YamlPath): { readonly start: Position; readonly end: Position };
  /** A problem with the value at the path; `offset` points into a text, `atKey` to the name before the value. */
  problem(
    path: YamlPath,
    message: string,
    expected: string,
    at?: { readonly offset?: number; readonly atKey?: boolean },
  ): Problem;
}

const MAX_BYTES = 256 * 1024;
const MAX_LINE = 2000;
const MAX_DEPTH = 100;
const MAX_PROBLEMS = 50;
/** What the parser says after its first few problems only follows from them. */
const MAX_SYNTAX_PROBLEMS = 10;

/**
 * Reads YAML 1.2 (core schema; no aliases, no duplicate or non-text keys, no tags, at most 256 KiB) and checks it
 * against a JSON Schema. Throws CatalogError with every problem; the type of the value is what the schema vouches for.
 */
export function readYaml<T>(
  source: string | { readonly path: string; readonly text: string },
  jsonSchema: object,
): YamlFile<T> {
  const { path: file, text } = typeof source === 'string' ? { path: source, text: readText(source) } : source;
  const refused = refuseText(file, text);
  if (refused) throw new CatalogError([refused]);
  const position = positionsIn(text);
  // Unique keys are checked below: the parser compares every key with every other one.
  const document = parseDocument(text, { schema: 'core', uniqueKeys: false, prettyErrors: false });
  const syntax = syntaxProblems(file, document, position);
  if (syntax.length > 0) throw new CatalogError(syntax.slice(0, MAX_SYNTAX_PROBLEMS));
  const structure = structureProblems(file, document, position);
  if (structure.length > 0) throw new CatalogError(structure.slice(0, MAX_PROBLEMS));
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const yaml = yamlFile<T>(file, text, document, position, value as T);
  // Cut before they are placed: to find a place is linear in the file.
  const wrong = schemaProblems(jsonSchema, value)
    .slice(0, MAX_PROBLEMS)
    .map(({ path, message, expected, atKey }) => yaml.problem(path, message, expected, { atKey }));
  if (wrong.length > 0) throw new CatalogError(inOrder(wrong));
  return yaml;
}

function readText(path: string): string {
  try {
    if (statSync(path).size > MAX_BYTES) throw new CatalogError([tooLarge(path)]);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof CatalogError) throw error;
    if (error instanceof TypeError) throw new CatalogError([atStart(path, 'The file is not text.', 'YAML in UTF-8')]);
    throw new CatalogError([atStart(path, 'The file cannot be read.', 'a readable YAML file')]);
  }
}

/**
 * What must not reach the parser: it descends once per level, and deep enough nesting ends the whole process (seen with
 * 50,000 dashes in a line), not only the call. A level needs a bracket or a column, so both are bounded here.
 */
function refuseText(file: string, text: string): Problem | undefined {
  if (Buffer.byteLength(text) > MAX_BYTES) return tooLarge(file);
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\p{Surrogate}/u.exec(text);
  let brackets = 0;
  let at = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const refuse = (column: number, message: string, expected: string): Problem => ({
      file,
      path: '',
      line: index + 1,
      column: column + 1,
      message,
      expected,
    });
    if (control && control.index >= at && control.index <= at + line.length) {
      return refuse(control.index - at, 'The file contains a control character.', 'printable text');
    }
    if (line.length > MAX_LINE) return refuse(MAX_LINE, 'The line is too long.', `at most ${MAX_LINE} characters`);
    const indent = /^[ \t]*(?:[-?:][ \t]+)*/.exec(line)?.[0].length ?? 0;
    if (indent > MAX_DEPTH) return refuse(indent, 'The nesting is too deep.', `at most ${MAX_DEPTH} columns`);
    for (const [column, character] of [...line].entries()) {
      if (character === '[' || character === '{') brackets += 1;
      if ((character === ']' || character === '}') && brackets > 0) brackets -= 1;
      if (brackets > MAX_DEPTH) return refuse(column, 'The nesting is too deep.', `at most ${MAX_DEPTH} open brackets`);
    }
    at += line.length + 1;
  }
  return undefined;
}

function syntaxProblems(file: string, document: Document, position: Positions): Problem[] {
  return [...document.errors, ...document.warnings].map((error) => ({
    file,
    path: '',
    ...position(error.pos[0]),
    message: error.message.endsWith('.') ? error.message : `${error.message}.`,
    expected: 'YAML 1.2',
  }));
}

function structureProblems(file: string, document: Document, position: Positions): Problem[] {
  const problems: Problem[] = [];
  const report = (node: { range?: Range | null | undefined }, message: string, expected: string): void => {
    problems.push({ file, path: '', ...position(node.range?.[0] ?? 0), message, expected });
  };
  visit(document, {
    Alias: (_, node) => report(node, `Aliases such as *${node.source} are not available.`, 'the value itself'),
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\p{Surrogate}/u.test(node.value)) {
        report(node, 'The text contains a control character.', 'printable text');
      }
    },
    Map: (_, map) => {
      const seen = new Map<string, Position>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : undefined;
        if (typeof name !== 'string' || name === '' || name === '__proto__') {
          report(key as Node, 'The key cannot be used.', 'a name');
          continue;
        }
        const place = position((key as Node).range?.[0] ?? 0);
        const first = seen.get(name);
        if (first) report(key as Node, `The key ${name} stands here twice.`, `it once; first in line ${first.line}`);
        else seen.set(name, place);
      }
    },
  });
  return problems;
}

function yamlFile<T>(file: string, text: string, document: Document, position: Positions, value: T): YamlFile<T> {
  const range: YamlFile<T>['range'] = (path) => {
    const node = nearest(document, path);
    return { start: position(node?.range?.[0] ?? 0), end: position(node?.range?.[1] ?? 0) };
  };
  return {
    value,
    text,
    file,
    range,
    place: (path) => range(path).start,
    problem: (path, message, expected, at) => {
      const node = (at?.atKey ? keyOf(document, path) : undefined) ?? nearest(document, path);
      const start =
        at?.offset !== undefined && isScalar(node) ? offsetInScalar(text, node, at.offset) : (node?.range?.[0] ?? 0);
      return { file, path: writePath(path), ...position(start), message, expected };
    },
  };
}

function nearest(document: Document, path: YamlPath): Node | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    // An empty value has a place of its own; one that is not there is undefined.
    if (isScalar(node) || isMap(node) || isSeq(node)) return node;
  }
  return document.contents ?? undefined;
}

function keyOf(document: Document, path: YamlPath): Node | undefined {
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
  return pair?.key as Node | undefined;
}

type Positions = (offset: number) => Position;

/** Counted here: the parser's own counter misses line ends within brackets that it gave up on. */
function positionsIn(text: string): Positions {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    const at = Math.min(offset, text.length);
    let low = 0;
    for (let high = starts.length - 1; low < high;) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  };
}

/** A path as people write it: `tasks[0].queue`. */
function writePath(path: YamlPath): string {
  return path.reduce<string>(
    (written, step) =>
      typeof step === 'number' ? `${written}[${step}]` : written === '' ? step : `${written}.${step}`,
    '',
  );
}

/** Sorted as in the file. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

function tooLarge(file: string): Problem {
  return atStart(file, 'The file is too large.', `at most ${MAX_BYTES / 1024} KiB`);
}

function atStart(file: string, message: string, expected: string): Problem {
  return { file, path: '', line: 1, column: 1, message, expected };
}

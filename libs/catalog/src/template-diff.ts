import type { Text } from '@tom/kernel';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';

/** One difference between two versions of a template. */
export interface TemplateChange {
  /** As in `tasks.first_outreach.priority`: entries of a list go by their name, not by their place. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: unknown;
  readonly after?: unknown;
  readonly text: Text;
}

type Path = readonly string[];
type Fields = Readonly<Record<string, unknown>>;

/** What the parts are called; the rest of a path is said as it is written in the file. */
const parts: Readonly<Record<string, Text>> = {
  description: { de: 'Beschreibung', en: 'Description' },
  org_kinds: { de: 'Art der Unternehmen', en: 'Kinds of company' },
  trigger: { de: 'Auslöser', en: 'Trigger' },
  case: { de: 'Fall', en: 'Case' },
  transition: { de: 'Stufenwechsel', en: 'Stage transition' },
  tasks: { de: 'Aufgabe', en: 'Task' },
  required_outputs: { de: 'Pflichtergebnis', en: 'Required output' },
  rules: { de: 'Regel', en: 'Rule' },
  completion: { de: 'Abschluss', en: 'Completion' },
};

/** By what an entry of a list is the same one in both versions. */
const names: Readonly<Record<string, readonly string[]>> = {
  tasks: ['key'],
  required_outputs: ['phase', 'key'],
  rules: ['key'],
  completion: ['outcome'],
};

/** The order of fields in which parts are told. */
const order = Object.keys(parts);

const SHOWN = 80;

/**
 * What differs between two versions, given as they were loaded. They are compared as written, not as built: a version
 * of long ago may name a queue that is no more.
 */
export function diffTemplates(before: string, after: string): readonly TemplateChange[] {
  const [old, young] = [parse(before) as Fields, parse(after) as Fields];
  return order.flatMap((part) => differences([part], named(part, old[part]), named(part, young[part])));
}

function differences(path: Path, before: unknown, after: unknown): readonly TemplateChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return whole(path, after, (at, value) => change(at, 'added', undefined, value));
  if (after === undefined) return whole(path, before, (at, value) => change(at, 'removed', value, undefined));
  const [left, right] = [inside(before), inside(after)];
  if (!left || !right) return isDeepStrictEqual(before, after) ? [] : [change(path, 'changed', before, after)];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return [
    ...orderChange(path, before, after),
    ...keys.flatMap((key) => differences([...path, key], left[key], right[key])),
  ];
}

/** A list of named entries that is new or gone as a whole is told entry by entry. */
function whole(path: Path, value: unknown, tell: (path: Path, value: unknown) => TemplateChange): readonly TemplateChange[] {
  const isList = path.length === 1 && names[path[0] ?? ''] !== undefined;
  if (!isList) return [tell(path, value)];
  return Object.entries(value as Fields).map(([key, entry]) => tell([...path, key], entry));
}

/** Rules act one after the other and tasks are made in turn, so a new order of what stays is a difference too. */
function orderChange(path: Path, before: unknown, after: unknown): readonly TemplateChange[] {
  if (path.length !== 1 || names[path[0] ?? ''] === undefined) return [];
  const [left, right] = [Object.keys(before as Fields), Object.keys(after as Fields)];
  const stayedBefore = left.filter((key) => right.includes(key));
  const stayedAfter = right.filter((key) => left.includes(key));
  return isDeepStrictEqual(stayedBefore, stayedAfter) ? [] : [change(path, 'changed', stayedBefore, stayedAfter)];
}

/** A list of entries that have names, by these. */
function named(part: string, value: unknown): unknown {
  const by = names[part];
  if (!by || !Array.isArray(value)) return value;
  return Object.fromEntries(
    (value as readonly Fields[]).map((entry) => [by.map((field) => String(entry[field])).join(' '), entry]),
  );
}

/** The members of a value that are compared one by one: fields, and entries of a list of groups by their place. */
function inside(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return value as Fields;
  const isOfGroups = value.every((entry) => typeof entry === 'object' && entry !== null);
  return isOfGroups ? Object.fromEntries(value.map((entry, index) => [String(index + 1), entry as unknown])) : undefined;
}

function change(path: Path, kind: TemplateChange['kind'], before: unknown, after: unknown): TemplateChange {
  const [part = '', ...rest] = path;
  const subject = (name: string) => [name, ...rest].join(' ');
  const { de, en } = parts[part] ?? { de: part, en: part };
  const only = before ?? after;
  const value = typeof only === 'object' ? '' : ` (${shown(only)})`;
  const values = `${shown(before)} → ${shown(after)}`;
  const text = {
    added: { de: `${subject(de)}: neu${value}`, en: `${subject(en)}: new${value}` },
    removed: { de: `${subject(de)}: entfällt${value}`, en: `${subject(en)}: gone${value}` },
    changed: { de: `${subject(de)}: ${values}`, en: `${subject(en)}: ${values}` },
  }[kind];
  return {
    path: path.join('.'),
    kind,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    text,
  };
}

function shown(value: unknown): string {
  const text = Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value.join(', ') : said(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** A JSON schema as far as it can narrow what it describes. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly [keyword: string]: unknown;
}

/** A document with its schemas; `#/…` leads through it. */
export type Document = Readonly<Record<string, unknown>>;

/**
 * Who writes what the schema describes. `in`: clients, so what was accepted must go on being accepted. `out`: we, so
 * what was told must go on being told. `both`: events, which stay in the log and are read by older and newer readers.
 */
export type Direction = 'in' | 'out' | 'both';

interface Sides {
  readonly before: Document;
  readonly after: Document;
  readonly direction: Direction;
}

const LOWER = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties'];
const UPPER = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties'];

/** Every change from one schema to the other that somebody who relies on the first one would notice, as sentences. */
export function compareSchema(before: Schema, after: Schema, sides: Sides, path: string, seen: ReadonlySet<string> = new Set()): string[] {
  const pair = `${before.$ref ?? ''} ${after.$ref ?? ''}`;
  if (pair !== ' ' && seen.has(pair)) return [];
  const further = new Set([...seen, pair]);
  const old = resolve(before, sides.before);
  const now = resolve(after, sides.after);
  const alternatives = alternativesOf(old);
  if (alternatives.length > 0 || alternativesOf(now).length > 0) {
    return compareAlternatives(old, now, sides, path, further);
  }
  return [
    ...compareTypes(old, now, sides, path),
    ...compareValues(old, now, sides, path),
    ...(sides.direction === 'out' ? [] : compareBounds(old, now, path)),
    ...compareMembers(old, now, sides, path, further),
    ...(old.items && now.items ? compareSchema(old.items, now.items, sides, `${path}[]`, further) : []),
    ...(old.items && !now.items && sides.direction !== 'in' ? [`${path}: its entries are not described any more`] : []),
    ...(!old.items && now.items && sides.direction !== 'out' ? [`${path}: its entries are narrowed`] : []),
  ];
}

/** Follows a reference within its document. */
export function resolve(schema: Schema, document: Document): Schema {
  if (schema.$ref === undefined) return schema;
  let found: unknown = document;
  for (const part of schema.$ref.slice(2).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = (found as Readonly<Record<string, unknown>> | undefined)?.[name];
  }
  if (typeof found !== 'object' || found === null) throw new Error(`${schema.$ref} leads nowhere`);
  return resolve(found as Schema, document);
}

function alternativesOf(schema: Schema): readonly Schema[] {
  return schema.anyOf ?? schema.oneOf ?? [];
}

/** What was accepted must fit one of the new ones; what is told must be one of the old ones. One schema is one of one. */
function compareAlternatives(old: Schema, now: Schema, sides: Sides, path: string, seen: ReadonlySet<string>): string[] {
  const olds = alternativesOf(old).length > 0 ? alternativesOf(old) : [old];
  const nows = alternativesOf(now).length > 0 ? alternativesOf(now) : [now];
  const fits = (a: Schema, b: Schema) => compareSchema(a, b, sides, path, seen).length === 0;
  const lost = olds.filter((one) => !nows.some((other) => fits(one, other)));
  const strange = sides.direction === 'in' ? [] : nows.filter((one) => !olds.some((other) => fits(other, one)));
  return [
    ...lost.map(() => `${path}: an alternative was removed or changed`),
    ...strange.map(() => `${path}: an alternative was added or changed`),
  ];
}

function compareTypes(old: Schema, now: Schema, { direction }: Sides, path: string): string[] {
  const olds = typesOf(old);
  const nows = typesOf(now);
  const covers = (types: readonly string[] | undefined, type: string) =>
    types === undefined || types.includes(type) || (type === 'integer' && types.includes('number'));
  const lost = direction === 'out' ? [] : (olds ?? (nows ? ['anything'] : [])).filter((type) => !covers(nows, type));
  const added = direction === 'in' ? [] : (nows ?? (olds ? ['anything'] : [])).filter((type) => !covers(olds, type));
  return [
    ...lost.map((type) => `${path}: ${type} is not accepted any more`),
    ...added.map((type) => `${path}: may now be ${type}`),
  ];
}

function typesOf({ type }: Schema): readonly string[] | undefined {
  return type === undefined ? undefined : typeof type === 'string' ? [type] : type;
}

function valuesOf(schema: Schema): readonly unknown[] | undefined {
  return schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
}

function compareValues(old: Schema, now: Schema, { direction }: Sides, path: string): string[] {
  const olds = valuesOf(old);
  const nows = valuesOf(now);
  if (!olds) return nows && direction !== 'out' ? [`${path}: any value was accepted, now only some`] : [];
  if (!nows) return direction === 'in' ? [] : [`${path}: may now be any value instead of some`];
  return olds.filter((value) => !nows.includes(value)).map((value) => `${path}: the value ${JSON.stringify(value)} was removed`);
}

function compareBounds(old: Schema, now: Schema, path: string): string[] {
  const narrower = (keyword: string, isNarrower: (was: number, is: number) => boolean, none: number) => {
    const was = old[keyword] ?? none;
    const is = now[keyword] ?? none;
    return typeof was === 'number' && typeof is === 'number' && isNarrower(was, is) ? [`${path}: ${keyword} was narrowed to ${is}`] : [];
  };
  const added = (keyword: 'pattern' | 'format') =>
    now[keyword] !== undefined && now[keyword] !== old[keyword] ? [`${path}: the ${keyword} ${now[keyword]} was not asked for`] : [];
  return [
    ...LOWER.flatMap((keyword) => narrower(keyword, (was, is) => is > was, -Infinity)),
    ...UPPER.flatMap((keyword) => narrower(keyword, (was, is) => is < was, Infinity)),
    ...added('pattern'),
    ...added('format'),
  ];
}

function compareMembers(old: Schema, now: Schema, sides: Sides, path: string, seen: ReadonlySet<string>): string[] {
  const { properties: olds = {}, required: demanded = [] } = old;
  const { properties: nows = {}, required: demands = [] } = now;
  const { direction } = sides;
  const at = (name: string) => (path.endsWith(' ') ? `${path}${name}` : `${path}.${name}`);
  const shared = Object.entries(olds).flatMap(([name, schema]): string[] => {
    const other = nows[name];
    return other ? compareSchema(schema, other, sides, at(name), seen) : [`${at(name)}: was removed`];
  });
  const needed = direction === 'out' ? [] : demands.filter((name) => !demanded.includes(name));
  const missing = direction === 'in' ? [] : demanded.filter((name) => !demands.includes(name) && name in nows);
  return [
    ...shared,
    ...needed.map((name) => `${at(name)}: is now required`),
    ...missing.map((name) => `${at(name)}: was always there, now it may be absent`),
    ...compareOthers(old, now, sides, path, seen),
  ];
}

// What objects may hold besides what is named.
function compareOthers(old: Schema, now: Schema, sides: Sides, path: string, seen: ReadonlySet<string>): string[] {
  const { additionalProperties: was = true } = old;
  const { additionalProperties: is = true } = now;
  if (sides.direction !== 'out' && was !== false && is === false) return [`${path}: other members are not accepted any more`];
  return typeof was === 'object' && typeof is === 'object' ? compareSchema(was, is, sides, `${path}.*`, seen) : [];
}

import { compareSchema, resolve, type Direction, type Document, type Schema } from './compare-schema.ts';

interface Media {
  readonly schema?: Schema;
}
interface Content {
  readonly content?: Readonly<Record<string, Media>>;
  readonly required?: boolean;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
  readonly security?: readonly object[];
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

interface Both {
  readonly before: Document;
  readonly after: Document;
}

/** What a client of the first document would find broken in the second, as sentences. */
export function compareOpenApi(before: Document, after: Document): string[] {
  const both = { before, after };
  const now = pathsOf(after);
  return Object.entries(pathsOf(before)).flatMap(([path, methods]) => {
    const others = now[path];
    if (!others) return [`${path}: was removed`];
    return Object.entries(methods).flatMap(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const other = others[method];
      return other ? compareOperation(name, operation, other, both) : [`${name}: was removed`];
    });
  });
}

function pathsOf(document: Document): Paths {
  return (document['paths'] ?? {}) as Paths;
}

function compareOperation(name: string, old: Operation, now: Operation, both: Both): string[] {
  const statuses = Object.entries(old.responses ?? {}).flatMap(([status, answer]) => {
    const other = now.responses?.[status];
    return other ? compareContent(`${name} → ${status}`, answer, other, 'out', both) : [`${name}: the answer ${status} was removed`];
  });
  const secured = (old.security?.length ?? 0) === 0 && (now.security?.length ?? 0) > 0;
  return [
    ...(secured ? [`${name}: now needs a token`] : []),
    ...compareParameters(name, old.parameters ?? [], now.parameters ?? [], both),
    ...compareBody(name, old.requestBody, now.requestBody, both),
    ...statuses,
  ];
}

function compareParameters(name: string, olds: readonly Parameter[], nows: readonly Parameter[], both: Both): string[] {
  const find = (all: readonly Parameter[], one: Parameter) =>
    all.find((other) => other.in === one.in && other.name.toLowerCase() === one.name.toLowerCase());
  return [
    ...olds.flatMap((old) => {
      const now = find(nows, old);
      const at = `${name} ${old.in} ${old.name}`;
      if (!now) return [`${at}: was removed`];
      return [
        ...(now.required && !old.required ? [`${at}: is now required`] : []),
        ...compareSchema(old.schema ?? {}, now.schema ?? {}, { ...both, direction: 'in' }, at),
      ];
    }),
    ...nows.filter((now) => now.required && !find(olds, now)).map((now) => `${name} ${now.in} ${now.name}: is new and required`),
  ];
}

function compareBody(name: string, old: Content | undefined, now: Content | undefined, both: Both): string[] {
  if (!old) return now && isDemanded(now, both.after) ? [`${name}: now needs a body`] : [];
  if (!now) return [`${name}: takes no body any more`];
  return compareContent(`${name} ←`, old, now, 'in', both);
}

// A body none of whose members is required may stay away.
function isDemanded({ content = {}, required }: Content, document: Document): boolean {
  return required === true || Object.values(content).some(({ schema }) => schema && (resolve(schema, document).required?.length ?? 0) > 0);
}

function compareContent(at: string, old: Content, now: Content, direction: Direction, both: Both): string[] {
  return Object.entries(old.content ?? {}).flatMap(([media, { schema = {} }]) => {
    const other = now.content?.[media];
    if (!other) return [`${at} ${media}: was removed`];
    return compareSchema(schema, other.schema ?? {}, { ...both, direction }, `${at} `);
  });
}

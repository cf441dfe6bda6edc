import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareAsyncApi } from './compare-asyncapi.ts';
import { compareOpenApi } from './compare-openapi.ts';
import { compareSchema, type Direction, type Document, type Schema } from './compare-schema.ts';

function released(name: string): Document {
  return JSON.parse(readFileSync(new URL(`../../docs/api/${name}.released.json`, import.meta.url), 'utf8')) as Document;
}

/** The document with one place changed; undefined removes it. */
function changed(document: Document, path: readonly string[], value: unknown): Document {
  const copy = structuredClone(document) as Record<string, unknown>;
  const [last = '', ...parents] = [...path].reverse();
  let inner = copy;
  for (const name of parents.reverse()) inner = (inner[name] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete inner[last];
  else inner[last] = value;
  return copy;
}

function at(document: Document, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], document);
}

describe('a schema', () => {
  const compare = (before: Schema, after: Schema, direction: Direction) => compareSchema(before, after, { before: {}, after: {}, direction }, 'x');
  const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({ type: 'object', properties, required });
  const text: Schema = { type: 'string' };

  it.each<[string, Schema, Schema, string]>([
    ['a member that is gone', object({ a: text }), object({}), 'in out both'],
    ['a member that is new', object({ a: text }), object({ a: text, b: text }), ''],
    ['a member that is new and required', object({}), object({ b: text }, ['b']), 'in both'],
    ['a member that became required', object({ a: text }), object({ a: text }, ['a']), 'in both'],
    ['a member that may now be absent', object({ a: text }, ['a']), object({ a: text }), 'out both'],
    ['another type', text, { type: 'integer' }, 'in out both'],
    ['a number that became whole', { type: 'number' }, { type: 'integer' }, 'in both'],
    ['a whole number that became any', { type: 'integer' }, { type: 'number' }, 'out both'],
    ['null being possible now', text, { type: ['string', 'null'] }, 'out both'],
    ['null being impossible now', { type: ['string', 'null'] }, text, 'in both'],
    ['a value that is gone', { enum: ['A', 'B'] }, { enum: ['A'] }, 'in out both'],
    ['a value that is new', { enum: ['A'] }, { enum: ['A', 'B'] }, ''],
    ['values where any was allowed', text, { ...text, enum: ['A'] }, 'in both'],
    ['any value where some were', { ...text, enum: ['A'] }, text, 'out both'],
    ['a shorter bound', { ...text, maxLength: 9 }, { ...text, maxLength: 8 }, 'in both'],
    ['a bound where was none', text, { ...text, maxLength: 8 }, 'in both'],
    ['a longer bound', { ...text, maxLength: 8 }, { ...text, maxLength: 9 }, ''],
    ['a larger least', { type: 'integer', minimum: 0 }, { type: 'integer', minimum: 1 }, 'in both'],
    ['a pattern', text, { ...text, pattern: '^a' }, 'in both'],
    ['entries that changed', { type: 'array', items: text }, { type: 'array', items: { type: 'integer' } }, 'in out both'],
    ['no other members any more', { type: 'object' }, { type: 'object', additionalProperties: false }, 'in both'],
    ['an alternative that is gone', { anyOf: [text, { type: 'integer' }] }, text, 'in out both'],
    ['an alternative that is new', text, { anyOf: [text, { type: 'integer' }] }, 'out both'],
    ['the same', object({ a: { anyOf: [text, { type: 'null' }] } }, ['a']), object({ a: { anyOf: [{ type: 'null' }, text] } }, ['a']), ''],
  ])('with %s', (_what, before, after, breaks) => {
    const found = (['in', 'out', 'both'] as const).filter((direction) => compare(before, after, direction).length > 0);
    expect(found.join(' ')).toBe(breaks);
  });

  it('is followed through references, also to itself', () => {
    const document = (leaf: Schema) => ({ schemas: { Node: { type: 'object', properties: { next: { $ref: '#/schemas/Node' }, leaf } } } });
    const sides = { before: document(text), after: document({ type: 'integer' }), direction: 'out' as const };
    expect(compareSchema({ $ref: '#/schemas/Node' }, { $ref: '#/schemas/Node' }, sides, 'x')).toEqual(['x.leaf: may now be integer']);
  });
});

describe('the released API', () => {
  const before = released('openapi');
  const body = ['paths', '/orgs', 'post', 'requestBody', 'content', 'application/json', 'schema'];
  const breaks = (path: readonly string[], value?: unknown) => compareOpenApi(before, changed(before, path, value));

  it('keeps itself, and what is added to it', () => {
    expect(compareOpenApi(before, before)).toEqual([]);
    expect(breaks(['paths', '/new'], { get: {} })).toEqual([]);
    expect(breaks([...body, 'properties', 'colour'], { type: 'string' })).toEqual([]);
    expect(breaks(['components', 'schemas', 'Org', 'properties', 'colour'], { type: 'string' })).toEqual([]);
  });

  it('is broken by what a client would miss', () => {
    expect(breaks(['paths', '/orgs/{orgId}'])).toEqual(['/orgs/{orgId}: was removed']);
    expect(breaks(['paths', '/orgs/{orgId}', 'patch'])).toEqual(['PATCH /orgs/{orgId}: was removed']);
    expect(breaks(['paths', '/orgs', 'post', 'responses', '201'])).toEqual(['POST /orgs: the answer 201 was removed']);
    expect(breaks(['components', 'schemas', 'Org', 'properties', 'city_'])).toEqual([]);
    expect(breaks(['components', 'schemas', 'Org', 'properties', 'currentStage'])).toContain('POST /orgs → 201 currentStage: was removed');
    expect(breaks(['paths', '/events', 'get', 'responses', '200', 'content', 'text/event-stream'])).toHaveLength(1);
    const parameters = at(before, ['paths', '/orgs', 'get', 'parameters']) as { name: string }[];
    const others = parameters.filter(({ name }) => name !== 'city');
    expect(breaks(['paths', '/orgs', 'get', 'parameters'], others)).toEqual(['GET /orgs query city: was removed']);
    expect(breaks(['paths', '/orgs', 'get', 'parameters'], [...parameters, { name: 'day', in: 'query', required: true }])).toEqual([
      'GET /orgs query day: is new and required',
    ]);
  });

  it('is broken by what it would take no more', () => {
    expect(breaks([...body, 'properties', 'website'])).toEqual(['POST /orgs ← website: was removed']);
    expect(breaks([...body, 'required'], ['name', 'city'])).toEqual(['POST /orgs ← city: is now required']);
    expect(breaks([...body, 'properties', 'name', 'maxLength'], 10)).toEqual(['POST /orgs ← name: maxLength was narrowed to 10']);
    expect(breaks(['paths', '/dev/token', 'post', 'security'], [{ bearer: [] }])).toEqual(['POST /dev/token: now needs a token']);
  });
});

describe('the released events', () => {
  const before = released('asyncapi');
  const task = ['components', 'schemas', 'tom.task.v1.Task'];
  const breaks = (path: readonly string[], value?: unknown) => compareAsyncApi(before, changed(before, path, value));

  it('keep themselves, and optional fields that are added', () => {
    expect(compareAsyncApi(before, before)).toEqual([]);
    expect(breaks([...task, 'properties', 'colour'], { type: 'string' })).toEqual([]);
  });

  it('are broken by a topic, a message, a field or a header that is gone, and by a field that is required', () => {
    expect(breaks(['channels', 'tom.task.events.v1'])).toEqual(['tom.task.events.v1: was removed']);
    expect(breaks(['channels', 'tom.task.events.v1', 'address'], 'tasks')).toHaveLength(1);
    expect(breaks(['channels', 'tom.task.events.v1', 'messages', 'tom.task.v1.TaskClaimed'])).toEqual(['tom.task.events.v1 tom.task.v1.TaskClaimed: was removed']);
    expect(breaks([...task, 'properties', 'title'])).toContain('tom.task.v1.TaskClaimed task.title: was removed');
    expect(breaks([...task, 'properties', 'priority', 'enum'], ['LOW'])).toContain('tom.task.v1.TaskClaimed task.priority: the value "HIGH" was removed');
    expect(breaks([...task, 'required'], [...(at(before, [...task, 'required']) as string[]), 'assignee'])).toContain('tom.task.v1.TaskClaimed task.assignee: is now required');
    expect(breaks(['components', 'schemas', 'Headers', 'properties', 'ce_actor'])).toContain('tom.task.v1.TaskClaimed headers ce_actor: was removed');
    expect(breaks(['components', 'messages', 'tom.task.v1.TaskClaimed', 'name'], 'TaskTaken')).toEqual(['tom.task.v1.TaskClaimed: was renamed to TaskTaken']);
  });
});

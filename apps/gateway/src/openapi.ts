import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Route } from './edge/route.ts';
import { problemSchema } from './edge/schemas.ts';

/** The OpenAPI 3.1 document of the routes, made from the very schemas that check the requests. */
export function openApiDocument(routes: readonly Route[]): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  const refusal = { description: 'Refused; `code` says why.', content: { 'application/problem+json': { schema: problemSchema } } };
  for (const route of routes) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    const params = z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
    const headers = z.object({
      ...(route.method === 'post' ? { 'Idempotency-Key': z.string().max(255).optional() } : {}),
      ...(route.needsVersion ? { 'If-Match': z.string() } : {}),
      ...(route.events ? { 'Last-Event-ID': z.string().optional() } : {}),
    });
    const media = route.events ? 'text/event-stream' : 'application/json';
    const answers: [string, object][] = Object.entries(route.answers).map(([status, schema]) => [
      status,
      { description: 'Done.', ...(schema ? { content: { [media]: { schema }, ...progressOf(route) } } : {}) },
    ]);
    registry.registerPath({
      method: route.method,
      path: route.path,
      tags: [route.tag],
      summary: route.summary,
      ...(route.open ? {} : { security: [{ bearer: [] }] }),
      request: {
        ...(names.length > 0 ? { params } : {}),
        ...(route.query ? { query: route.query } : {}),
        ...(Object.keys(headers.shape).length > 0 ? { headers } : {}),
        ...(route.body ? { body: { content: { 'application/json': { schema: route.body } } } } : {}),
      },
      responses: { ...Object.fromEntries(answers), default: refusal },
    });
  }
  // By themselves first: a schema that is met inside of an optional member first would be documented as that, with null.
  const named = [...namedInputs(routes)].map((schema) => ({ type: 'schema' as const, schema }));
  return new OpenApiGeneratorV31([...named, ...registry.definitions]).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'TOM Flow',
      version: '1',
      description: 'Companies, activities, tasks, cases and the rules that drive them. Times are UTC, RFC 3339 with milliseconds.',
    },
    servers: [{ url: '/api/v1' }],
  });
}

/** The data of the events in which a long answer comes to who accepts them. */
function progressOf({ progress }: Route) {
  return progress ? { 'text/event-stream': { schema: progress } } : {};
}

function namedInputs(routes: readonly Route[]): Set<z.ZodType> {
  const found = new Set<z.ZodType>();
  const look = (schema: z.core.$ZodType): void => {
    if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) look(schema.unwrap());
    else if (schema instanceof z.ZodPipe) look(schema.in);
    else if (schema instanceof z.ZodArray) look(schema.element);
    else if (schema instanceof z.ZodType) {
      if (schema.meta()?.id !== undefined) found.add(schema);
      if (schema instanceof z.ZodObject) Object.values(schema.shape).forEach(look);
    }
  };
  for (const { body, query } of routes) for (const schema of [body, query]) if (schema) look(schema);
  return found;
}

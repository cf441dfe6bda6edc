import { DomainError, isUuid, newId, type Violation } from '@tom/kernel';
import type { Caller, TokenVerifier } from '@tom/runtime';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { HttpError } from './problem.ts';
import type { Answer, Method, Route } from './route.ts';
import { violationsOf } from './violations.ts';

const BODY_LIMIT = 256 * 1024;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Puts the routes on a router. The order of checks is the contract's: signed in · route and method · size and media
 * type · input · and then whatever the service behind refuses. `limits` come once it is known who asks.
 */
export function mount(routes: readonly Route[], verifier: TokenVerifier, limits: readonly RequestHandler[] = []): Router {
  const router = express.Router({ caseSensitive: true });
  const json = express.json({ limit: BODY_LIMIT, type: () => true, strict: true });
  const open = new Set(routes.filter((route) => route.open).map((route) => `${route.method} ${expressPath(route.path)}`));

  router.use(async (request, response, next) => {
    const correlationId = newId();
    response.setHeader('X-Request-Id', correlationId);
    response.setHeader('Cache-Control', 'no-store');
    response.locals['correlationId'] = correlationId;
    if (!open.has(`${request.method.toLowerCase()} ${request.path}`)) {
      response.locals['caller'] = await identify(request, verifier);
    }
    if (!isReadable(request.path)) throw new HttpError(404, 'NOT_FOUND', 'There is no such route.');
    next();
  });
  for (const limit of limits) router.use(limit);

  for (const [path, methods] of byPath(routes)) {
    const entry = router.route(expressPath(path));
    for (const [method, definition] of methods) {
      const takesBody = method === 'post' || method === 'patch';
      const parse = takesBody ? [requireJson(definition), json] : [];
      entry[method](...parse, async (request: Request, response: Response) => {
        send(request, response, await answer(definition, request, response));
      });
    }
    const allowed = [...methods.keys()].map((method) => method.toUpperCase());
    if (methods.has('get')) allowed.push('HEAD');
    entry.all((request) => {
      throw new HttpError(405, 'METHOD_NOT_ALLOWED', `${request.method} is not possible here.`, { Allow: allowed.join(', ') });
    });
  }
  router.use(() => {
    throw new HttpError(404, 'NOT_FOUND', 'There is no such route.');
  });
  return router;
}

async function identify(request: Request, verifier: TokenVerifier) {
  const token = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!token) throw new DomainError('UNAUTHENTICATED', 'A bearer token is missing.');
  const caller = await verifier.verify(token);
  if (caller.kind === 'service') throw new DomainError('UNAUTHENTICATED', 'A service has no business here.');
  return caller;
}

async function answer(route: Route, request: Request, response: Response): Promise<Answer> {
  const violations: Violation[] = [];
  const query = route.query ? route.query.strict().safeParse(request.query) : noQuery(request);
  if (!query.success) violations.push(...violationsOf(query.error));
  const body = route.body?.safeParse((request.body as unknown) ?? {});
  if (body && !body.success) violations.push(...violationsOf(body.error));
  const key = idempotencyKey(request, violations);
  const version = route.needsVersion ? versionOf(request, violations) : 0;
  if (violations.length > 0) throw DomainError.invalid(violations);

  const params = pathParams(request);
  const caller = response.locals['caller'] as Caller;
  const traceparent = request.headers['traceparent'];
  const call = {
    caller,
    correlationId: response.locals['correlationId'] as string,
    ...(typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
    ...(key ? { idempotency: { key, route: `${request.method} ${request.baseUrl}${pathOf(route, params)}` } } : {}),
  };
  const lastEventId = route.events ? request.get('last-event-id') : undefined;
  const progress = route.progress ? { progress: { wanted: wantsEvents(request), gone: goneSignal(response) } } : {};
  const input = { params, query: query.data, body: body?.data, call, caller, version, ...(lastEventId ? { lastEventId } : {}), ...progress };
  try {
    return await route.handle(input as Parameters<Route['handle']>[0]);
  } catch (error) {
    // The service saw version 0, which no resource has: whether the resource exists at all was to be found out first.
    if (route.needsVersion && version === 0 && error instanceof DomainError && error.code === 'STALE_VERSION') {
      throw new HttpError(428, 'PRECONDITION_REQUIRED', 'If-Match is missing: send the ETag of what was read.');
    }
    throw error;
  }
}

/** Only who asks for events gets them: what accepts anything gets the one answer. */
function wantsEvents(request: Request): boolean {
  const accepted = request.headers.accept ?? '';
  return accepted.split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === 'text/event-stream');
}

/** Fires when the client closed the connection before it had its answer. */
function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** What cannot be decoded, or holds a character that nothing is named with, names nothing. */
function isReadable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
}

// One spelling of each id, so that it is the same thing wherever it is compared or hashed.
function pathParams(request: Request): Record<string, string> {
  const entries = Object.entries(request.params as Record<string, string>).map(([name, value]) => {
    if (!name.endsWith('Id')) return [name, value];
    if (!isUuid(value)) throw DomainError.notFound(`${name} ${value.slice(0, 64)}`);
    return [name, value.toLowerCase()];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

function pathOf(route: Route, params: Record<string, string>): string {
  return route.path.replaceAll(/\{(\w+)\}/g, (_placeholder, name: string) => params[name] ?? '');
}

function noQuery(request: Request): { success: true; data: undefined } {
  const names = Object.keys(request.query);
  if (names.length > 0) {
    throw DomainError.invalid(names.map((path) => ({ path, message: 'is not known here', expected: 'no query parameter' })));
  }
  return { success: true, data: undefined };
}

function idempotencyKey(request: Request, violations: Violation[]): string | undefined {
  if (request.method !== 'POST') return undefined;
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  violations.push({ path: 'Idempotency-Key', message: 'cannot be used', expected: '1 to 255 visible ASCII characters' });
  return undefined;
}

function versionOf(request: Request, violations: Violation[]): number {
  const header = request.headers['if-match'];
  if (header === undefined) return 0;
  const match = /^(?:W\/)?"([1-9][0-9]{0,8})"$/.exec(header);
  if (match) return Number(match[1]);
  violations.push({ path: 'If-Match', message: 'is not an ETag of this resource', expected: 'the ETag as it was read, e.g. "3"' });
  return 0;
}

function requireJson(route: Route) {
  return (request: Request, _response: Response, next: () => void) => {
    const type = request.headers['content-type'];
    const length = Number(request.headers['content-length'] ?? 0);
    // What says itself that it is too large is refused before it has arrived.
    if (length > BODY_LIMIT) throw new HttpError(413, 'TOO_LARGE', 'The body is larger than 256 KiB.');
    const hasBody = request.headers['transfer-encoding'] !== undefined || length > 0;
    const media = type?.split(';')[0]?.trim().toLowerCase();
    const isJson = media === 'application/json' || (route.method === 'patch' && media === 'application/merge-patch+json');
    if (hasBody && !isJson) throw new HttpError(415, 'NOT_JSON', 'The body must be application/json.');
    next();
  };
}

function send(request: Request, response: Response, { status, body, version, location, stream }: Answer): void {
  if (stream && request.method !== 'HEAD') {
    stream(response);
    return;
  }
  if (version !== undefined) response.setHeader('ETag', `"${version}"`);
  if (location !== undefined) response.setHeader('Location', location);
  response.status(status);
  if (body === undefined) response.end();
  else {
    const text = JSON.stringify(body);
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(text);
  }
}

function byPath(routes: readonly Route[]): Map<string, Map<Method, Route>> {
  const paths = new Map<string, Map<Method, Route>>();
  for (const route of routes) {
    const methods = paths.get(route.path) ?? new Map<Method, Route>();
    methods.set(route.method, route);
    paths.set(route.path, methods);
  }
  // Fixed paths first, so that /orgs/duplicates is not taken for an id.
  return new Map([...paths].sort(([a], [b]) => Number(a.includes('{')) - Number(b.includes('{'))));
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

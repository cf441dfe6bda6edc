import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '@tom/contracts/edge';
import { problemOf, unreachable } from './problem.ts';
import { accessToken, setAccessToken } from './session.ts';

const WITHIN_MS = 15_000;

const signed: Middleware = {
  onRequest({ request }) {
    const token = accessToken();
    if (token) request.headers.set('Authorization', `Bearer ${token}`);
    return request;
  },
  async onResponse({ response, request }) {
    if (response.ok) return response;
    if (response.status === 401 && request.headers.has('Authorization')) setAccessToken(undefined);
    throw await problemOf(response);
  },
  onError() {
    return unreachable();
  },
};

/** Every call to the gateway goes through here, typed by its own document. Whatever is no success is thrown as ApiProblem. */
export const api = createClient<paths>({
  baseUrl: '/api/v1',
  fetch: (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(WITHIN_MS)]) }),
});
api.use(signed);

/** The data of an answer: with ApiProblem thrown for everything else, it is there. */
export async function dataOf<T>(call: Promise<{ readonly data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** A key that makes one intention of a person happen once, however often it is sent. */
export function newIntention(): string {
  return crypto.randomUUID();
}

/** The headers of a PATCH or DELETE of what was read at this version. */
export function ifMatch(version: number): { readonly 'If-Match': string } {
  return { 'If-Match': `"${version}"` };
}

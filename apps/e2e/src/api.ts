/** What the API answered. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly etag: string | null;
}

/** A signed-in person before the public API. */
export interface Api {
  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>>;
  post<T = Record<string, unknown>>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  patch<T = Record<string, unknown>>(path: string, body: unknown, etag: string): Promise<Answer<T>>;
  remove(path: string, etag: string): Promise<Answer>;
}

/** The API at `url` with this token. Nothing is retried and nothing thrown for a refusal. */
export function api(url: string, token: string): Api {
  async function send<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as T, etag: response.headers.get('etag') };
  }
  return {
    get: (path) => send('GET', path),
    post: (path, body = {}, headers) => send('POST', path, body, headers),
    patch: (path, body, etag) => send('PATCH', path, body, { 'if-match': etag }),
    remove: (path, etag) => send('DELETE', path, undefined, { 'if-match': etag }),
  };
}

/** Asks again until the answer holds; throws naming what was waited for, with the last answer. */
export async function until<T>(what: string, ask: () => Promise<T>, holds: (answer: T) => boolean, withinMs = 10_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > end) throw new Error(`${what} did not come within ${withinMs} ms; last: ${JSON.stringify(answer).slice(0, 600)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

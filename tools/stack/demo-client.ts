import { setTimeout as sleep } from 'node:timers/promises';

/** What the API refused, with its problem document. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly code: string;

  constructor(
    request: string,
    status: number,
    problem: { code?: string; detail?: string; violations?: unknown; unmet?: unknown },
  ) {
    const more = problem.violations ?? problem.unmet;
    super(
      `${request} → ${status} ${problem.code ?? ''} ${problem.detail ?? ''}${more ? ` ${JSON.stringify(more)}` : ''}`,
    );
    this.code = problem.code ?? '';
  }
}

/** The public API as a demo user sees it. */
export interface DemoClient {
  get<T>(user: string, path: string): Promise<T>;
  /** With an idempotency key: sent again, it answers the first result. */
  post<T>(user: string, path: string, body: unknown, key: string): Promise<T>;
}

const ATTEMPTS = 8;

export function createDemoClient(url: string, token: (user: string) => Promise<string>): DemoClient {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (user: string) => {
    const known = tokens.get(user) ?? token(user);
    tokens.set(user, known);
    return known;
  };

  async function send<T>(user: string, method: string, path: string, body?: unknown, key?: string): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await tokenOf(user)}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
      const busy = response.status === 503 || response.status === 429;
      if (!busy || attempt === ATTEMPTS) throw new ApiRefusal(`${method} ${path}`, response.status, parse(text));
      await sleep(100 * 2 ** attempt);
    }
  }

  return {
    get: (user, path) => send(user, 'GET', path),
    post: (user, path, body, key) => send(user, 'POST', path, body, key),
  };
}

function parse(text: string): { code?: string; detail?: string } {
  try {
    return JSON.parse(text) as { code?: string; detail?: string };
  } catch {
    return { detail: text.slice(0, 200) };
  }
}

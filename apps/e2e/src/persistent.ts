const ATTEMPTS = 200;
const PAUSE_MS = 100;

/** Like any client that wants its work done: asks again until somebody answers; a refusal is thrown. */
export interface Persistent {
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  /** With the same key each time. */
  post<T = Record<string, string>>(path: string, body: unknown, key: string): Promise<T>;
  /** Asks until the answer holds. */
  until<T>(path: string, holds: (answer: T) => boolean): Promise<T>;
}

/** The API at `url` for somebody with this token, whatever is killed meanwhile. */
export function persistent(url: string, token: string): Persistent {
  async function send<T>(method: string, path: string, init: RequestInit = {}): Promise<T> {
    let last = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) };
      try {
        const response = await fetch(`${url}/api/v1${path}`, { ...init, method, headers, signal: AbortSignal.timeout(10_000) });
        const text = await response.text();
        if (response.ok) return JSON.parse(text) as T;
        last = `${response.status} ${text}`;
        if (response.status < 500) throw Object.assign(new Error(`${method} ${path} answered ${last}`), { final: true });
      } catch (error) {
        if (error instanceof Error && 'final' in error) throw error;
        last ||= String(error);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`${method} ${path} was not answered after ${ATTEMPTS} attempts; last: ${last}`);
  }
  const get = <T>(path: string) => send<T>('GET', path);
  return {
    get,
    post: (path, body, key) =>
      send('POST', path, { headers: { 'content-type': 'application/json', 'idempotency-key': key }, body: JSON.stringify(body) }),
    async until<T>(path: string, holds: (answer: T) => boolean) {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const answer = await get<T>(path);
        if (holds(answer)) return answer;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      throw new Error(`What ${path} answers did not come to hold after ${ATTEMPTS} attempts`);
    },
  };
}

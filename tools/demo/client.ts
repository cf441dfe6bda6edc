/** A signed-in person's view of the public API. */
export interface Client {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Posts what is expected to be refused; throws when it is not. */
  refused(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Listens to everything that happens from now on; resolves once the stream is open. */
  listen(): Promise<Listening>;
}

/** An event as `GET /events` streams it. */
export interface LiveEvent {
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly actor: string;
}

export interface Listening {
  /** What has come so far. */
  readonly events: readonly LiveEvent[];
  stop(): void;
}

/** Signs a demo user in at the system that listens at `url`. */
export async function connect(url: string, user: string): Promise<Client> {
  const { accessToken } = await send<{ accessToken: string }>(url, 'POST', '/dev/token', { user });
  return {
    get: (path) => send(url, 'GET', path, undefined, accessToken),
    post: (path, body) => send(url, 'POST', path, body, accessToken),
    async refused(path, body) {
      const response = await ask(url, 'POST', path, body, accessToken);
      if (response.ok) throw new Error(`POST ${path} was expected to be refused and answered ${response.status}`);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    listen: () => listen(url, accessToken),
  };
}

async function send<T>(url: string, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await ask(url, method, path, body, token);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

async function ask(url: string, method: string, path: string, body: unknown, token?: string): Promise<Response> {
  try {
    return await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new Error(`nothing answers at ${url}; is the system running (npm start)?`, { cause: error });
  }
}

async function listen(url: string, token: string): Promise<Listening> {
  const closing = new AbortController();
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1/events`, { headers, signal: closing.signal });
  if (!response.ok || !response.body) throw new Error(`GET /events answered ${response.status}: ${await response.text()}`);
  const events: LiveEvent[] = [];
  const stream = response.body;
  const read = async (): Promise<void> => {
    let text = '';
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      const blocks = `${text}${chunk}`.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = block.split('\n').filter((line) => line.startsWith('data: ')).map((line) => line.slice(6)).join('\n');
        if (data) events.push(JSON.parse(data) as LiveEvent);
      }
    }
  };
  // Ends with an error when it is stopped, or the gateway is: what came until then is what there is.
  read().catch(() => undefined);
  return { events, stop: () => closing.abort() };
}

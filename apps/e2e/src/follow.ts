/** One event as a browser would be told it. */
export interface Told {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** A client that comes back by itself with its last id, as the page does. */
export interface Follower {
  readonly events: readonly Told[];
  /** How often it connected. */
  readonly connections: number;
  /** Resolves when the first connection is answered. */
  readonly opened: Promise<void>;
  close(): void;
}

/** Follows the stream at `url` with this token until it is closed. */
export function follow(url: string, token: string): Follower {
  const stop = new AbortController();
  const events: Told[] = [];
  let connections = 0;
  let lastId = '';
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });

  function take(block: string): void {
    const fields = new Map(block.split('\n').map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
    lastId = fields.get('id') ?? lastId;
    const data = fields.get('data');
    if (data !== undefined) events.push({ event: fields.get('event') ?? 'message', id: lastId, data });
  }

  async function connect(): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, ...(lastId ? { 'last-event-id': lastId } : {}) };
    const response = await fetch(url, { headers, signal: stop.signal });
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    connections += 1;
    open();
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) take(block);
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await connect().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  void run();
  return {
    events,
    get connections() {
      return connections;
    },
    opened,
    close: () => stop.abort(),
  };
}

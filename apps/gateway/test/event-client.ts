import { request, type IncomingMessage } from 'node:http';

/** One block of a stream; `id` is also there for blocks that only move it. */
export interface Block {
  readonly event?: string;
  readonly id?: string;
  readonly data?: string;
  readonly retry?: string;
  readonly comment?: string;
}

/** A client of an event stream, reading as the standard says. */
export interface EventClient {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly blocks: readonly Block[];
  /** Blocks with data: what a browser would be told. */
  events(): { readonly event: string; readonly id: string; readonly data: Shown }[];
  lastId(): string | undefined;
  /** Resolves when the stream is over. */
  readonly ended: Promise<void>;
  pause(): void;
  resume(): void;
  close(): void;
}

/** What tests look at in an event. */
export interface Shown {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly actor: string;
  /** Absent in a reset. */
  readonly data?: { readonly task?: { readonly taskId: string; readonly title: string } };
}

/** Opens a stream; resolves at its head. */
export function openEvents(url: string, token: string, headers: Record<string, string> = {}): Promise<EventClient> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers } });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const blocks: Block[] = [];
      let rest = '';
      let lastId: string | undefined;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n\n');
        rest = parts.pop() ?? '';
        for (const part of parts) {
          const block = blockOf(part);
          lastId = block.id ?? lastId;
          blocks.push(block);
        }
      });
      const ended = new Promise<void>((over) => response.once('close', over));
      response.on('error', () => undefined);
      sent.on('error', () => undefined);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        blocks,
        events: () =>
          blocks.flatMap(({ event = '', id = '', data }) => (data === undefined ? [] : { event, id, data: JSON.parse(data) as Shown })),
        lastId: () => lastId,
        ended,
        pause: () => response.pause(),
        resume: () => response.resume(),
        close: () => sent.destroy(),
      });
    });
    sent.end();
  });
}

function blockOf(text: string): Block {
  const block: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon) || 'comment';
    const value = line.slice(colon + 1).replace(/^ /, '');
    block[name] = block[name] === undefined ? value : `${block[name]}\n${value}`;
  }
  return block;
}

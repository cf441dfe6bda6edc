import { describe, expect, it } from 'vitest';
import { messagesOf, type EventMessage } from './event-stream.ts';

async function read(...chunks: readonly string[]): Promise<readonly EventMessage[]> {
  const bytes = new TextEncoder();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(bytes.encode(chunk));
      controller.close();
    },
  });
  const messages: EventMessage[] = [];
  for await (const message of messagesOf(body)) messages.push(message);
  return messages;
}

describe('a stream of events', () => {
  it('is read message by message, wherever it was cut', async () => {
    expect(await read('id: 7\nevent: prog', 'ress\ndata: {"a":', '1}\n', '\nevent: result\ndata: {}\n\n')).toEqual([
      { id: '7', event: 'progress', data: '{"a":1}' },
      { event: 'result', data: '{}' },
    ]);
  });

  it('yields an empty message for a heartbeat, and nothing for what did not arrive whole', async () => {
    expect(await read(': still here\n\n', 'data: half')).toEqual([{}]);
  });
});

/** One message of a stream of events; empty for what only says that the stream lives. */
export interface EventMessage {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

/** The messages of text/event-stream, as they arrive. */
export async function* messagesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<EventMessage> {
  let buffer = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    buffer += chunk;
    for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
      yield parse(buffer.slice(0, end));
      buffer = buffer.slice(end + 2);
    }
  }
}

function parse(block: string): EventMessage {
  const message: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) message[line.slice(0, at)] = line.slice(at + 1).trimStart();
  }
  return message;
}

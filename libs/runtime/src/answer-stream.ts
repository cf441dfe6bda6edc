import { once } from 'node:events';
import { status as Status, type ServerWritableStream } from '@grpc/grpc-js';
import { admit, asBytes, type Answering } from './admit-call.ts';
import type { CallContext } from './call-context.ts';
import type { ServiceImplementation } from './implement.ts';
import type { RpcMethod } from './rpc-definition.ts';

type Handler = ServiceImplementation['handlers'][string];
type Call = ServerWritableStream<unknown, Buffer>;

/**
 * An RPC that answers with several messages, as grpc-js takes it. The handler's iterator waits while the caller does not
 * read, and is ended as soon as the caller is gone.
 */
export function answerStream(method: RpcMethod, handler: Handler, answering: Answering) {
  const run = handler as (request: unknown, call: CallContext) => unknown;
  const serialize = method.responseSerialize as (value: unknown) => Buffer;

  async function answer(call: Call, context: CallContext): Promise<void> {
    const messages = (await run(call.request, context)) as AsyncIterable<unknown>;
    for await (const message of messages) {
      if (call.cancelled) return;
      if (call.write(serialize(message))) continue;
      // The signal fires when the caller is gone; the loop sees it next.
      await once(call, 'drain', context.signal && { signal: context.signal }).catch(() => undefined);
    }
  }

  function handle(call: Call): void {
    const admitted = admit(method.path, call, answering);
    if ('refused' in admitted) {
      call.emit('error', admitted.refused);
      return;
    }
    admitted
      .context()
      .then((context) => answer(call, context))
      .then(
        () => {
          call.end();
          admitted.finish(call.cancelled ? Status.CANCELLED : Status.OK);
        },
        (error: unknown) => {
          const status = admitted.failed(error);
          call.emit('error', status);
          admitted.finish(status.code, error);
        },
      );
  }

  return { definition: asBytes(method), handle };
}

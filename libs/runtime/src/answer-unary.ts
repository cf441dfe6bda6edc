import { status as Status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { admit, asBytes, type Answering } from './admit-call.ts';
import type { CallContext } from './call-context.ts';
import type { ServiceImplementation } from './implement.ts';
import type { RpcMethod } from './rpc-definition.ts';

type Handler = ServiceImplementation['handlers'][string];

/** One RPC as grpc-js takes it: the (de)serializers are wrapped so that a failure of either is answered by us. */
export function answerUnary(method: RpcMethod, handler: Handler, answering: Answering) {
  const run = handler as (request: unknown, call: CallContext) => Promise<unknown>;
  const serialize = method.responseSerialize as (value: unknown) => Buffer;

  function handle(call: ServerUnaryCall<unknown, Buffer>, reply: sendUnaryData<Buffer>): void {
    const admitted = admit(method.path, call, answering);
    if ('refused' in admitted) {
      reply(admitted.refused);
      return;
    }
    const answer = async (): Promise<Buffer> => serialize(await run(call.request, await admitted.context()));
    answer().then(
      (response) => {
        reply(null, response);
        admitted.finish(Status.OK);
      },
      (error: unknown) => {
        const status = admitted.failed(error);
        reply(status);
        admitted.finish(status.code, error);
      },
    );
  }

  return { definition: asBytes(method), handle };
}

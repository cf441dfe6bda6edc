import {
  createLogger,
  createMetrics,
  implement,
  serveGrpc,
  type CallContext,
  type GrpcServer,
  type Handlers,
  type RequestOf,
  type RpcDefinition,
  type ServiceImplementation,
  type TokenVerifier,
} from '@tom/runtime';

/** What another service answers, by RPC; of the response only what the service under test reads must be there. */
export type Answers<D extends RpcDefinition> = {
  readonly [Method in keyof D]?: (request: RequestOf<D[Method]>, call: CallContext) => unknown;
};

/** Told of every call before it is answered; what it throws or rejects with is the answer. */
export type OnCall = (method: string, request: unknown, call: CallContext) => Promise<void> | void;

/** Another service, with canned answers. */
export interface OtherService {
  implementation(onCall: OnCall): ServiceImplementation;
}

/** Another service that answers these RPCs; any other one is a fault of it. */
export function other<const D extends RpcDefinition>(definition: D, answers: Answers<D>): OtherService {
  return {
    implementation(onCall) {
      const handlers = Object.keys(definition).map((method) => [
        method,
        async (request: never, call: CallContext) => {
          await onCall(method, request, call);
          const answer = answers[method];
          if (!answer) throw new Error(`${method} is not expected`);
          return answer(request, call);
        },
      ]);
      return implement(definition, Object.fromEntries(handlers) as Handlers<D>);
    },
  };
}

/** The other services at the wire, all behind one address: a real gRPC server with canned answers. */
export function serveOthers(
  verifier: TokenVerifier,
  others: readonly OtherService[],
  onCall: OnCall = () => undefined,
): Promise<GrpcServer> {
  return serveGrpc({
    address: '127.0.0.1:0',
    verifier,
    logger: createLogger({ service: 'others', level: 'silent' }),
    metrics: createMetrics('others'),
    services: others.map((one) => one.implementation(onCall)),
  });
}

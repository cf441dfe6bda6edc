import type { CallContext } from './call-context.ts';
import type { RequestOf, ResponseOf, RpcDefinition } from './rpc-definition.ts';

/** One function for every RPC of a definition; what it throws as DomainError is answered, anything else is a fault. */
export type Handlers<D extends RpcDefinition> = {
  readonly [Method in keyof D]: (request: RequestOf<D[Method]>, call: CallContext) => Promise<ResponseOf<D[Method]>>;
};

/** A definition with its handlers, ready for `serveGrpc`. */
export interface ServiceImplementation {
  readonly definition: RpcDefinition;
  readonly handlers: Readonly<Record<string, (request: never, call: CallContext) => Promise<unknown>>>;
}

/** Ties handlers to a generated definition; a missing or mistyped handler does not compile. */
export function implement<const D extends RpcDefinition>(definition: D, handlers: Handlers<D>): ServiceImplementation {
  for (const [name, method] of Object.entries(definition)) {
    if (method.requestStream || method.responseStream)
      throw new Error(`${method.path} is a stream; only unary calls are served.`);
    if (typeof handlers[name] !== 'function') throw new Error(`${method.path} has no handler.`);
  }
  return { definition, handlers: handlers as ServiceImplementation['handlers'] };
}

import type { CallContext } from './call-context.ts';
import type { RequestOf, ResponseOf, RpcDefinition } from './rpc-definition.ts';

/**
 * One function for every RPC of a definition; what it throws as DomainError is answered, anything else is a fault. One
 * that answers with a stream gives its messages one after the other.
 */
export type Handlers<D extends RpcDefinition> = {
  readonly [Method in keyof D]: (
    request: RequestOf<D[Method]>,
    call: CallContext,
  ) => D[Method]['responseStream'] extends true
    ? AsyncIterable<ResponseOf<D[Method]>> | Promise<AsyncIterable<ResponseOf<D[Method]>>>
    : Promise<ResponseOf<D[Method]>>;
};

/** A definition with its handlers, ready for `serveGrpc`. */
export interface ServiceImplementation {
  readonly definition: RpcDefinition;
  readonly handlers: Readonly<Record<string, (request: never, call: CallContext) => unknown>>;
}

/** Ties handlers to a generated definition; a missing or mistyped handler does not compile. */
export function implement<const D extends RpcDefinition>(definition: D, handlers: Handlers<D>): ServiceImplementation {
  for (const [name, method] of Object.entries(definition)) {
    if (method.requestStream) throw new Error(`${method.path} takes a stream; none is served.`);
    if (typeof handlers[name] !== 'function') throw new Error(`${method.path} has no handler.`);
  }
  return { definition, handlers: handlers as ServiceImplementation['handlers'] };
}

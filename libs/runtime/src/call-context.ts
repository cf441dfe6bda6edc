import { ids, isUuid, newId } from '@tom/kernel';
import { serviceCaller, type Caller } from './caller.ts';
import type { ServiceTokens } from './service-tokens.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** The Idempotency-Key of a request and the route, with its ids, that it was sent to (`POST /orgs/…/activities`). */
export interface IdempotencyOfCall {
  readonly key: string;
  readonly route: string;
}

/** What a handler knows of its call besides the message. `signal` fires when nobody waits for the answer any more. */
export interface CallContext {
  readonly caller: Caller;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly idempotency?: IdempotencyOfCall;
  readonly signal?: AbortSignal;
  readonly deadline?: Date;
  /** Whose token the caller's is, for a call that this process began; is told when nobody takes it. */
  readonly serviceTokens?: ServiceTokens;
}

/** A call that this process starts itself; without `token` the client's own service token goes with it. */
export interface OutgoingCall {
  readonly correlationId: string;
  readonly token?: string;
  readonly traceparent?: string;
  readonly idempotency?: IdempotencyOfCall;
  readonly signal?: AbortSignal;
  readonly deadline?: Date;
  readonly timeoutMs?: number;
}

type Absent<T> = { readonly [K in keyof T]: T[K] | undefined };
type ItemOfCall = Partial<Absent<Pick<CallContext, 'correlationId' | 'traceparent' | 'idempotency'>>>;

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The context of one item of a batched RPC, which brings its own token; rejects UNAUTHENTICATED as a call does. */
export async function callFor(verifier: TokenVerifier, token: string, item: ItemOfCall = {}): Promise<CallContext> {
  const caller = await verifier.verify(token);
  return { caller, ...checkedItem(item) };
}

/** Correlation, trace and key as they may go on: what is malformed is left out, a missing correlation begins here. */
export function checkedItem(item: ItemOfCall): Pick<CallContext, 'correlationId' | 'traceparent' | 'idempotency'> {
  const { correlationId, traceparent, idempotency } = item;
  return {
    correlationId: correlationId !== undefined && isUuid(correlationId) ? correlationId : newId(),
    ...(traceparent !== undefined && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
    ...(idempotency !== undefined ? { idempotency } : {}),
  };
}

/** A call that no person made (handlers, timers): this service's own token, the correlation of what it reacts to. */
export async function serviceCall(
  tokens: ServiceTokens,
  cause: { readonly correlationId: string; readonly traceparent?: string | undefined },
): Promise<CallContext> {
  return {
    caller: serviceCaller(tokens.service, await tokens.token()),
    serviceTokens: tokens,
    correlationId: cause.correlationId,
    ...(cause.traceparent !== undefined ? { traceparent: cause.traceparent } : {}),
  };
}

/**
 * The same call on behalf of a further step of the same request. The key is derived from the first one: passed on as it
 * is, it would meet itself as soon as one request writes twice at the same service.
 */
export function furtherStep(call: CallContext, step: string): CallContext {
  if (call.idempotency === undefined) return call;
  const { key, route } = call.idempotency;
  const method = route.slice(0, Math.max(0, route.indexOf(' ')));
  return { ...call, idempotency: { key: ids.requestStep(call.caller.actor, method, route, key, step), route } };
}

import { Metadata } from '@grpc/grpc-js';
import { checkedItem, type CallContext, type IdempotencyOfCall } from './call-context.ts';

const AUTHORIZATION = 'authorization';
const TRACEPARENT = 'traceparent';
const CORRELATION = 'x-correlation-id';
const IDEMPOTENCY_KEY = 'idempotency-key';
const IDEMPOTENCY_ROUTE = 'idempotency-route';

/** Metadata carries printable ASCII alone, a key may hold any visible character: the others travel percent-encoded. */
const NOT_PLAIN = /[^\x21-\x24\x26-\x7e]/;

/** The metadata of an outgoing call. */
export function writeMetadata(token: string | undefined, call: Omit<CallContext, 'caller'>): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set(AUTHORIZATION, `Bearer ${token}`);
  metadata.set(CORRELATION, call.correlationId);
  if (call.traceparent !== undefined) metadata.set(TRACEPARENT, call.traceparent);
  if (call.idempotency !== undefined) {
    metadata.set(IDEMPOTENCY_KEY, plain(call.idempotency.key));
    metadata.set(IDEMPOTENCY_ROUTE, plain(call.idempotency.route));
  }
  return metadata;
}

/** The bearer token of an incoming call, if it has one. */
export function readToken(metadata: Metadata): string | undefined {
  const value = first(metadata, AUTHORIZATION);
  return value !== undefined && /^bearer /i.test(value) ? value.slice(7).trim() : undefined;
}

/** Correlation, trace and idempotency of an incoming call. */
export function readMetadata(metadata: Metadata): Pick<CallContext, 'correlationId' | 'traceparent' | 'idempotency'> {
  return checkedItem({
    correlationId: first(metadata, CORRELATION),
    traceparent: first(metadata, TRACEPARENT),
    idempotency: readIdempotency(metadata),
  });
}

function readIdempotency(metadata: Metadata): IdempotencyOfCall | undefined {
  const key = first(metadata, IDEMPOTENCY_KEY);
  const route = first(metadata, IDEMPOTENCY_ROUTE);
  return key === undefined || route === undefined ? undefined : { key: original(key), route: original(route) };
}

function first(metadata: Metadata, name: string): string | undefined {
  const value = metadata.get(name)[0];
  return typeof value === 'string' ? value : undefined;
}

function plain(text: string): string {
  return NOT_PLAIN.test(text) ? encodeURIComponent(text) : text;
}

function original(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded by us: another client's key may hold a bare percent sign.
    return text;
  }
}

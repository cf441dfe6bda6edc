import type { Envelope } from './envelope.ts';

/** Where a message comes from: a request (depth 0, no cause) or another message (one deeper than that one). */
export interface Origin {
  readonly correlationId: string;
  readonly causationId?: string;
  readonly depth: number;
  readonly actor: string;
  readonly traceparent?: string;
  /** The time of the cause, RFC 3339: what it causes is never dated before it. */
  readonly causeTime?: string;
}

/** The origin of what a request does; fits the CallContext of a gRPC call. */
export function requestOrigin(call: {
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
  readonly caller: { readonly actor: string };
}): Origin {
  return {
    correlationId: call.correlationId,
    depth: 0,
    actor: call.caller.actor,
    ...(call.traceparent === undefined ? {} : { traceparent: call.traceparent }),
  };
}

/** The origin of what a message causes, done by `actor` (such as `service:task-service` or `template:work_lead`). */
export function causedBy(envelope: Omit<Envelope, 'data'>, actor: string): Origin {
  return {
    correlationId: envelope.correlationId,
    causationId: envelope.id,
    depth: envelope.depth + 1,
    actor,
    causeTime: envelope.time,
    ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
  };
}

import { Channel, status as Status, type Metadata } from '@grpc/grpc-js';
import { DomainError, systemClock } from '@tom/kernel';
import type { CallContext, OutgoingCall } from './call-context.ts';
import { writeMetadata } from './call-metadata.ts';
import { plaintext, type GrpcTls } from './grpc-tls.ts';
import {
  MAX_MESSAGE_BYTES,
  type RequestOf,
  type ResponseOf,
  type RpcDefinition,
  type RpcMethod,
} from './rpc-definition.ts';
import { errorOfCall, serviceOf } from './rpc-error.ts';
import type { ServiceTokens } from './service-tokens.ts';

/**
 * A definition's RPCs as functions; `close` lets go of the channel. An RPC that answers with a stream is iterated: it is
 * called with the first step, waits while nobody asks for more, and is cancelled when the iteration ends early.
 */
export type Client<D extends RpcDefinition> = {
  readonly [Method in keyof D]: (
    request: RequestOf<D[Method]>,
    call: CallContext | OutgoingCall,
  ) => D[Method]['responseStream'] extends true ? AsyncIterable<ResponseOf<D[Method]>> : Promise<ResponseOf<D[Method]>>;
} & { close(): void };

export interface ClientOptions {
  /**
   * host:port of the server, or ip:port of several instances with commas between them, which take turns; several clients of
   * one address share its connections.
   */
  readonly address: string;
  /** Mutual TLS; default plaintext. */
  readonly tls?: GrpcTls | undefined;
  /** Whose token goes with a call that brings none. */
  readonly serviceTokens?: ServiceTokens | undefined;
  /** Deadline of a call in ms, default 5000; an earlier deadline of the incoming call wins. */
  readonly timeoutMs?: number;
}

/**
 * A client on one long-lived channel, which connects at the first call and again by itself. A call rejects with the
 * DomainError that the other side threw, UNAVAILABLE when it is away or too slow, or an Error for its faults.
 */
export function createClient<const D extends RpcDefinition>(definition: D, options: ClientOptions): Client<D> {
  const { address, tls = plaintext, serviceTokens, timeoutMs = 5_000 } = options;
  const channel = new Channel(address.includes(',') ? `ipv4:${address}` : address, tls.client, {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.enable_channelz': 0,
    'grpc.service_config_disable_resolution': 1,
    // A service is back within a second of its restart; grpc's own ceiling is two minutes.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // A peer whose machine vanished sends no reset.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 5_000,
  });
  const methods: Record<string, unknown> = { close: () => channel.close() };
  for (const [name, method] of Object.entries(definition)) {
    methods[name] = (method.responseStream ? streamed : unary)(channel, method, serviceTokens, timeoutMs);
  }
  return methods as Client<D>;
}

function unary(channel: Channel, method: RpcMethod, serviceTokens: ServiceTokens | undefined, timeoutMs: number) {
  const serialize = method.requestSerialize as (value: unknown) => Buffer;
  return async (request: unknown, call: CallContext | OutgoingCall): Promise<unknown> => {
    const ours = tokensOf(call, serviceTokens);
    const token = 'caller' in call ? call.caller.token : (call.token ?? (await ours?.token()));
    const metadata = writeMetadata(token, call);
    try {
      const response = await send(
        channel,
        method.path,
        serialize(request),
        metadata,
        dueBy(call, timeoutMs),
        call.signal,
      );
      return method.responseDeserialize(response);
    } catch (error) {
      if (ours === undefined || token === undefined || !isUnauthenticated(error)) throw error;
      throw notTaken(ours, token, method.path, error);
    }
  };
}

function streamed(channel: Channel, method: RpcMethod, serviceTokens: ServiceTokens | undefined, timeoutMs: number) {
  const serialize = method.requestSerialize as (value: unknown) => Buffer;
  return async function* (request: unknown, call: CallContext | OutgoingCall): AsyncGenerator<unknown> {
    const ours = tokensOf(call, serviceTokens);
    const token = 'caller' in call ? call.caller.token : (call.token ?? (await ours?.token()));
    const metadata = writeMetadata(token, call);
    const messages = receive(channel, method.path, serialize(request), metadata, dueBy(call, timeoutMs), call.signal);
    try {
      for await (const message of messages) yield method.responseDeserialize(message);
    } catch (error) {
      if (ours === undefined || token === undefined || !isUnauthenticated(error)) throw error;
      throw notTaken(ours, token, method.path, error);
    }
  };
}

/** Whose token goes with the call, when that is this service itself. */
function tokensOf(call: CallContext | OutgoingCall, own: ServiceTokens | undefined): ServiceTokens | undefined {
  if ('caller' in call) return call.serviceTokens;
  return call.token === undefined ? own : undefined;
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNAUTHENTICATED';
}

/**
 * Our own token was refused: its key was withdrawn, or the installation is not set up as it should be. Neither is a fault
 * of what is to be done, which waits for better times instead of being given up.
 */
function notTaken(ours: ServiceTokens, token: string, path: string, cause: unknown): DomainError {
  ours.refused(token);
  const message = `${serviceOf(path)} does not accept ${ours.service} at the moment.`;
  return Object.assign(new DomainError('UNAVAILABLE', message), { cause });
}

function dueBy(call: CallContext | OutgoingCall, timeoutMs: number): number {
  const allowed = 'timeoutMs' in call && call.timeoutMs !== undefined ? call.timeoutMs : timeoutMs;
  const own = systemClock.now().getTime() + allowed;
  return call.deadline === undefined ? own : Math.min(own, call.deadline.getTime());
}

/**
 * One unary call straight on the channel: grpc-js's Client puts interceptors and a stack trace around each, which made
 * 50 of 230 µs. Instrumentation that patches that Client does not see these calls.
 */
function send(
  channel: Channel,
  path: string,
  request: Buffer,
  metadata: Metadata,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled(signal));
      return;
    }
    const rpc = channel.createCall(path, deadline, undefined, null, undefined);
    const cancel = () => rpc.cancelWithStatus(Status.CANCELLED, 'Cancelled by the caller.');
    let response: Buffer | undefined;
    rpc.start(metadata, {
      onReceiveMetadata() {},
      onReceiveMessage(message: Buffer) {
        response = message;
      },
      onReceiveStatus(answer) {
        signal?.removeEventListener('abort', cancel);
        if (answer.code === Status.OK && response !== undefined) resolve(response);
        else reject(signal?.aborted ? cancelled(signal) : errorOfCall(answer, path));
      },
    });
    signal?.addEventListener('abort', cancel, { once: true });
    rpc.sendMessageWithContext({}, request);
    rpc.startRead();
    rpc.halfClose();
  });
}

type Received = { readonly message: Buffer } | { readonly ended: Error | undefined };

/** The messages of one call, each read when it is asked for. */
async function* receive(
  channel: Channel,
  path: string,
  request: Buffer,
  metadata: Metadata,
  deadline: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  if (signal?.aborted) throw cancelled(signal);
  const rpc = channel.createCall(path, deadline, undefined, null, undefined);
  const cancel = () => rpc.cancelWithStatus(Status.CANCELLED, 'Cancelled by the caller.');
  const arrived: Received[] = [];
  let wake: (() => void) | undefined;
  const arrive = (what: Received): void => {
    arrived.push(what);
    wake?.();
  };
  rpc.start(metadata, {
    onReceiveMetadata() {},
    onReceiveMessage: (message: Buffer) => arrive({ message }),
    onReceiveStatus: (answer) => {
      if (answer.code === Status.OK) arrive({ ended: undefined });
      else arrive({ ended: signal?.aborted ? cancelled(signal) : errorOfCall(answer, path) });
    },
  });
  signal?.addEventListener('abort', cancel, { once: true });
  rpc.sendMessageWithContext({}, request);
  rpc.halfClose();
  let over = false;
  try {
    rpc.startRead();
    for (;;) {
      const next = arrived.shift();
      if (!next) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      if ('ended' in next) {
        over = true;
        if (next.ended) throw next.ended;
        return;
      }
      yield next.message;
      rpc.startRead();
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
    if (!over) cancel();
  }
}

function cancelled(signal: AbortSignal): DomainError {
  return Object.assign(new DomainError('UNAVAILABLE', 'The call was cancelled.'), { cause: signal.reason as unknown });
}

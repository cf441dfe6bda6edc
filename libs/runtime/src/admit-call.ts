import { status as Status, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import { DomainError, isDomainError } from '@tom/kernel';
import type { CallContext } from './call-context.ts';
import { readMetadata, readToken } from './call-metadata.ts';
import type { ObserveCall } from './call-seconds.ts';
import type { Logger } from './logger.ts';
import type { RpcMethod } from './rpc-definition.ts';
import { statusOfRefusal, type StatusAnswer } from './rpc-error.ts';
import type { sparingly } from './sparingly.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** What every call of a server is answered with. */
export interface Answering {
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly isTransient: (error: unknown) => boolean;
  readonly seconds: ObserveCall;
  /** How many calls the server answers at the moment, and how many it does at most. */
  readonly underWay: { now: number; readonly max: number };
  /** Each of these calls has its own line at the end; why is the same for all that meet an outage. */
  readonly mayWarn: ReturnType<typeof sparingly>;
}

export type IncomingCall = ServerUnaryCall<unknown, Buffer> | ServerWritableStream<unknown, Buffer>;

/** Stands for bytes that are not the request message: by itself grpc-js answers INTERNAL with the decoder's text. */
class Undecodable {
  static readonly found = new Undecodable();
}

/** A call that was let in: its context once its token is verified, what a failure is answered with, and its log line. */
export interface Admitted {
  context(): Promise<CallContext>;
  failed(error: unknown): StatusAnswer;
  /** To be called once, at the end. */
  finish(code: Status, error?: unknown): void;
}

/** Lets a call in, or answers what it is refused with because too many are under way. */
export function admit(path: string, call: IncomingCall, answering: Answering): Admitted | { readonly refused: StatusAnswer } {
  const { verifier, logger, isTransient, seconds, underWay, mayWarn } = answering;
  const begun = performance.now();
  const correlation = readMetadata(call.metadata);
  const { correlationId } = correlation;

  function observe(code: Status, reason?: string): void {
    const ms = performance.now() - begun;
    seconds(path, code, ms / 1000);
    logger.info(
      {
        method: path,
        code: Status[code],
        ...(reason !== undefined ? { reason } : {}),
        ms: Math.round(ms * 10) / 10,
        correlationId,
      },
      'call',
    );
  }

  function warn(text: string, error: unknown, about: Readonly<Record<string, string>>): void {
    const turn = mayWarn(`${path} ${text}`);
    if (turn) logger.warn({ ...about, err: error, ...turn }, text);
  }

  function statusOf(error: unknown, about: Readonly<Record<string, string>>): StatusAnswer {
    try {
      if (isDomainError(error)) {
        if (error.kind === 'unavailable') warn('call refused: unavailable', error, about);
        return statusOfRefusal(error);
      }
      if (isTransient(error)) {
        warn('call failed for now', error, about);
        return statusOfRefusal(new DomainError('UNAVAILABLE', 'The service cannot do this at the moment; try again.'));
      }
      logger.error({ ...about, err: error }, 'call failed');
    } catch (cause) {
      // Details that are no JSON: nothing that a handler throws may end the process.
      logger.error({ ...about, err: cause }, 'call failed, and so did telling why');
    }
    return { code: Status.INTERNAL, details: 'Internal error.' };
  }

  if (underWay.now >= underWay.max) {
    observe(Status.UNAVAILABLE, 'BUSY');
    const busy = new DomainError('UNAVAILABLE', 'Too much is asked at the moment; try again.', { retryAfterSeconds: 1 });
    return { refused: statusOfRefusal(busy) };
  }
  underWay.now += 1;
  return {
    async context() {
      const token = readToken(call.metadata);
      if (token === undefined) throw new DomainError('UNAUTHENTICATED', 'The call has no bearer token.');
      const caller = await verifier.verify(token);
      if (call.request === Undecodable.found) {
        throw DomainError.invalid([
          { path: '', message: 'The request cannot be decoded.', expected: `the message of ${path}` },
        ]);
      }
      return contextOf(call, caller, correlation);
    },
    failed(error) {
      const status = statusOf(error, { method: path, correlationId });
      // Whoever asked is told nothing any more; a fault is worth its log line all the same.
      return call.cancelled ? { code: Status.CANCELLED, details: 'The call was cancelled.' } : status;
    },
    finish(code, error) {
      underWay.now -= 1;
      observe(code, isDomainError(error) ? error.code : undefined);
    },
  };
}

/** The method as grpc-js takes it: a request that cannot be decoded is answered by us, a response comes as bytes. */
export function asBytes(method: RpcMethod) {
  return {
    ...method,
    requestDeserialize: (bytes: Buffer): unknown => {
      try {
        return method.requestDeserialize(bytes);
      } catch {
        return Undecodable.found;
      }
    },
    responseSerialize: (bytes: Buffer): Buffer => bytes,
  };
}

/** The signal is made when somebody asks for it: few do, and an AbortController for each call is not free. */
function contextOf(
  call: IncomingCall,
  caller: CallContext['caller'],
  correlation: ReturnType<typeof readMetadata>,
): CallContext {
  const due = call.getDeadline();
  let controller: AbortController | undefined;
  return {
    caller,
    ...correlation,
    ...(due === Number.POSITIVE_INFINITY ? {} : { deadline: due instanceof Date ? due : new Date(due) }),
    get signal(): AbortSignal {
      if (controller === undefined) {
        const made = (controller = new AbortController());
        const abort = () => made.abort(new DomainError('UNAVAILABLE', 'The call was cancelled.'));
        if (call.cancelled) abort();
        else call.once('cancelled', abort);
      }
      return controller.signal;
    },
  };
}

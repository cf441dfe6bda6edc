import { status as Status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { DomainError, isDomainError } from '@tom/kernel';
import type { CallContext } from './call-context.ts';
import { readMetadata, readToken } from './call-metadata.ts';
import type { ObserveCall } from './call-seconds.ts';
import type { ServiceImplementation } from './implement.ts';
import type { Logger } from './logger.ts';
import type { RpcMethod } from './rpc-definition.ts';
import { statusOfRefusal, type StatusAnswer } from './rpc-error.ts';
import { sparingly } from './sparingly.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** What every call of a server is answered with. */
export interface Answering {
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly isTransient: (error: unknown) => boolean;
  readonly seconds: ObserveCall;
  /** How many calls the server answers at the moment, and how many it does at most. */
  readonly underWay: { now: number; readonly max: number };
}

type Handler = ServiceImplementation['handlers'][string];
type Call = ServerUnaryCall<unknown, Buffer>;

/** Stands for bytes that are not the request message: by itself grpc-js answers INTERNAL with the decoder's text. */
class Undecodable {
  static readonly found = new Undecodable();
}

/** One RPC as grpc-js takes it: the (de)serializers are wrapped so that a failure of either is answered by us. */
export function answerUnary(method: RpcMethod, handler: Handler, answering: Answering) {
  const { verifier, logger, isTransient, seconds, underWay } = answering;
  const { path } = method;
  const mayWarn = sparingly();
  const run = handler as (request: unknown, call: CallContext) => Promise<unknown>;
  const serialize = method.responseSerialize as (value: unknown) => Buffer;

  async function answer(call: Call, correlation: ReturnType<typeof readMetadata>): Promise<Buffer> {
    const token = readToken(call.metadata);
    if (token === undefined) throw new DomainError('UNAUTHENTICATED', 'The call has no bearer token.');
    const caller = await verifier.verify(token);
    if (call.request === Undecodable.found) {
      throw DomainError.invalid([
        { path: '', message: 'The request cannot be decoded.', expected: `the message of ${path}` },
      ]);
    }
    const response = await run(call.request, contextOf(call, caller, correlation));
    return serialize(response);
  }

  function failed(error: unknown, call: Call, correlationId: string): StatusAnswer {
    const about = { method: path, correlationId };
    const status = statusOf(error, about);
    // Whoever asked is told nothing any more; a fault is worth its log line all the same.
    return call.cancelled ? { code: Status.CANCELLED, details: 'The call was cancelled.' } : status;
  }

  /** Each of these calls has its own line at the end; why is the same for all that meet an outage. */
  function warn(text: string, error: unknown, about: Readonly<Record<string, string>>): void {
    const turn = mayWarn(text);
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

  function handle(call: Call, reply: sendUnaryData<Buffer>): void {
    const begun = performance.now();
    const correlation = readMetadata(call.metadata);
    const { correlationId } = correlation;
    const finish = (code: Status, reason?: string) => {
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
    };
    if (underWay.now >= underWay.max) {
      reply(statusOfRefusal(new DomainError('UNAVAILABLE', 'Too much is asked at the moment; try again.', { retryAfterSeconds: 1 })));
      finish(Status.UNAVAILABLE, 'BUSY');
      return;
    }
    underWay.now += 1;
    answer(call, correlation).then(
      (response) => {
        underWay.now -= 1;
        reply(null, response);
        finish(Status.OK);
      },
      (error: unknown) => {
        underWay.now -= 1;
        const status = failed(error, call, correlationId);
        reply(status);
        finish(status.code, isDomainError(error) ? error.code : undefined);
      },
    );
  }

  return {
    definition: {
      ...method,
      requestDeserialize: (bytes: Buffer): unknown => {
        try {
          return method.requestDeserialize(bytes);
        } catch {
          return Undecodable.found;
        }
      },
      responseSerialize: (bytes: Buffer): Buffer => bytes,
    },
    handle,
  };
}

/** The signal is made when somebody asks for it: few do, and an AbortController for each call is not free. */
function contextOf(
  call: Call,
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

import { contentHash } from '@tom/kernel';
import { idempotent, type IdempotentCall } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';

/** The JSON mapping of a response, by which its answer is kept for repetitions. */
interface Codec<T> {
  toJSON(message: T): unknown;
  fromJSON(object: unknown): T;
}

/** Thrown to leave a transaction that only looked for an answer; it never gets out of here. */
class NoAnswerYet extends Error {
  override readonly name = 'NoAnswerYet';
}

function idempotentCall(call: CallContext, request: unknown): IdempotentCall {
  const { key, route = '' } = call.idempotency ?? {};
  return { actor: call.caller.actor, route, key, bodyHash: contentHash(request) };
}

/** One transaction, in which the answer is kept under the call's Idempotency-Key. */
export async function writeOnce<T>(
  deps: Deps,
  call: CallContext,
  request: unknown,
  codec: Codec<T>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return deps.database.transaction(async (tx) => {
    let fresh: T | undefined;
    const { answer } = await idempotent(tx, idempotentCall(call, request), async () => {
      fresh = await work(tx);
      return codec.toJSON(fresh);
    });
    return fresh ?? codec.fromJSON(answer);
  });
}

/**
 * The answer that a call was given before, if it was. For writes that ask other services first: what they would say to a
 * repetition is about the state after the first one.
 */
export async function answeredBefore<T>(deps: Deps, call: CallContext, request: unknown, codec: Codec<T>): Promise<T | undefined> {
  if (call.idempotency === undefined) return undefined;
  try {
    return await writeOnce<T>(deps, call, request, codec, async () => {
      throw new NoAnswerYet();
    });
  } catch (error) {
    if (error instanceof NoAnswerYet) return undefined;
    throw error;
  }
}

import { contentHash } from '@tom/kernel';
import { idempotent } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';

interface Codec<T> {
  fromJSON(json: unknown): T;
  toJSON(value: T): unknown;
}

/** Does something in one transaction, once per Idempotency-Key; a repetition gets the first answer. */
export async function once<T>(
  { database }: Pick<Deps, 'database'>,
  call: CallContext,
  request: unknown,
  codec: Codec<T>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { idempotency, caller } = call;
  const known = {
    actor: caller.actor,
    route: idempotency?.route ?? '',
    key: idempotency?.key,
    bodyHash: contentHash(request),
  };
  return database.transaction(async (tx) => {
    const { answer } = await idempotent(tx, known, async () => codec.toJSON(await work(tx)));
    return codec.fromJSON(answer);
  });
}

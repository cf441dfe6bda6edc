import { contentHash } from '@tom/kernel';
import { idempotent } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import type { Deps } from '../deps.ts';

interface Codec<T> {
  toJSON(value: T): unknown;
  fromJSON(json: unknown): T;
}

/** Does the work in one transaction, once per Idempotency-Key: the same request again gets the first answer. */
export async function once<T>(
  { database }: Deps,
  call: CallContext,
  request: unknown,
  codec: Codec<T>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { caller, idempotency } = call;
  if (!idempotency) return database.transaction(work);
  const { answer } = await database.transaction((tx) =>
    idempotent(
      tx,
      { actor: caller.actor, route: idempotency.route, key: idempotency.key, bodyHash: contentHash(request) },
      async () => codec.toJSON(await work(tx)),
    ),
  );
  return codec.fromJSON(answer);
}

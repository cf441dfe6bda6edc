import { DomainError } from '@tom/kernel';
import { sql, type Tx } from '@tom/postgres';

/**
 * A call that may come twice. `route` is method and route with its ids; `bodyHash` tells whether it is the same
 * request. Without `key` the call is not kept.
 */
export interface IdempotentCall {
  readonly actor: string;
  readonly route: string;
  readonly key?: string | undefined;
  readonly bodyHash: string;
}

/**
 * Claims the key or takes over one that is older than 24 hours. A twin that runs at the same time waits here, on the
 * unique index, until this transaction has ended. `claimed` has no row when the key is taken.
 */
const claim = sql(
  'idempotency.claim',
  `insert into idempotency (actor, route, key, body_hash, created_at) values ($1, $2, $3, $4, now())
   on conflict (actor, route, key) do update
     set body_hash = excluded.body_hash, answer = null, created_at = excluded.created_at
     where idempotency.created_at < now() - interval '24 hours'
   returning true as claimed`,
);
const read = sql(
  'idempotency.read',
  'select body_hash, answer from idempotency where actor = $1 and route = $2 and key = $3',
);
const keep = sql(
  'idempotency.keep',
  'update idempotency set answer = $4::jsonb where actor = $1 and route = $2 and key = $3',
);

/**
 * Runs `work` once per (actor, route, key) within 24 hours and answers a repetition with the first answer, which must
 * be JSON. Another body under the same key: IDEMPOTENCY_KEY_REUSED. A refusal is rolled back with the transaction,
 * hence not kept. Columns of the table, for statements that do this themselves: actor, route, key, body_hash, answer,
 * created_at.
 */
export async function idempotent<A>(
  tx: Tx,
  call: IdempotentCall,
  work: () => Promise<A>,
): Promise<{ answer: A; replayed: boolean }> {
  if (call.key === undefined) return { answer: await work(), replayed: false };
  const id = [call.actor, call.route, call.key];
  const claimed = await tx.query(claim, [...id, call.bodyHash]);
  if (claimed.length > 0) {
    const answer = await work();
    const json = JSON.stringify(answer ?? null);
    tx.beforeCommit(() => ({ statement: keep, values: [...id, json] }));
    return { answer, replayed: false };
  }
  const [kept] = await tx.query<{ body_hash: string; answer: A }>(read, id);
  if (kept?.body_hash !== call.bodyHash) {
    throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request.');
  }
  return { answer: kept.answer, replayed: true };
}

import { sql, type Tx } from '@tom/postgres';

/** How much a group may put aside: keys (default 1,000) and messages (default 10,000). */
export interface ParkedLimits {
  readonly keys: number;
  readonly messages: number;
}

export const defaultParkedLimits: ParkedLimits = { keys: 1_000, messages: 10_000 };

/** There is no room among the dead letters. What was about to be put there stays in the log, and its partition waits. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

const count = sql(
  'parked_key.count',
  `select (select count(*) from (select 1 from parked_key where consumer = $1 limit $2 + 1) as held) as keys,
     (select count(*) from (select 1 from dead_letter where consumer = $1 limit $3 + 1) as lying) as messages`,
);

/**
 * Asked after something was put aside: a NoRoomError undoes it with its transaction. Members that do so at the same
 * moment do not see each other's rows, so the limit may be passed by what one transaction of each brings.
 */
export async function requireRoom(tx: Tx, group: string, limits: ParkedLimits): Promise<void> {
  const [row] = await tx.query<{ keys: number; messages: number }>(count, [group, limits.keys, limits.messages]);
  if (!row || (row.keys <= limits.keys && row.messages <= limits.messages)) return;
  const full = row.keys > limits.keys ? `${limits.keys} keys` : `${limits.messages} messages`;
  throw new NoRoomError(`${group} may put aside ${full}, and as many lie there`);
}

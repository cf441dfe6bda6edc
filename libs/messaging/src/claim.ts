import { sql, type Tx } from '@tom/postgres';
import type { Envelope } from './envelope.ts';

/** Which of the messages this transaction may handle, and which of those belong to a parked key. */
export interface Claim {
  readonly isClaimed: (id: string) => boolean;
  readonly isParked: (topic: string, key: string) => boolean;
}

const PARKED = `select topic, key from parked_key
   where consumer = $1 and (topic, key) in (select * from unnest($2::text[], $3::text[]))
   order by topic, key for update`;

/**
 * Ids in order, so that two members that hold the same messages for a moment wait for each other instead of
 * deadlocking. The ids come back only when some were refused. Exported for the test of its plan.
 */
export const claimMany = sql(
  'inbox.claim_many',
  `with claimed as (
     insert into inbox (consumer, message_id, message_time)
     select $1, id, at from unnest($4::uuid[], $5::timestamptz[]) as message (id, at) order by id
     on conflict do nothing returning message_id),
   parked as (${PARKED})
   select case when (select count(*) from claimed) = cardinality($4::uuid[]) then null
     else (select coalesce(json_agg(message_id), '[]') from claimed) end as claimed,
     (select json_agg(json_build_array(topic, key)) from parked) as parked`,
);
const parkedNow = sql('parked_key.lock', PARKED);

/**
 * Claims inbox rows for messages with distinct ids. When some were refused, another member may have parked a key while
 * this statement waited for its commit: its snapshot would not show that, so the parked keys are then read again.
 */
export async function claimMessages(
  tx: Tx,
  group: string,
  envelopes: readonly Omit<Envelope, 'data'>[],
): Promise<Claim> {
  const places = new Map(envelopes.map(({ topic, key }) => [placeOf(topic, key), { topic, key }]));
  const topics = [...places.values()].map((place) => place.topic);
  const keys = [...places.values()].map((place) => place.key);
  const ids = envelopes.map((envelope) => envelope.id);
  const times = envelopes.map((envelope) => envelope.time);
  const [row] = await tx.query<{ claimed: string[] | null; parked: [string, string][] | null }>(claimMany, [
    group,
    topics,
    keys,
    ids,
    times,
  ]);
  const claimed = row?.claimed ? new Set(row.claimed) : undefined;
  let parked = new Set((row?.parked ?? []).map(([topic, key]) => placeOf(topic, key)));
  if (claimed) {
    const again = await tx.query<{ topic: string; key: string }>(parkedNow, [group, topics, keys]);
    parked = new Set(again.map(({ topic, key }) => placeOf(topic, key)));
  }
  return {
    isClaimed: (id) => claimed === undefined || claimed.has(id),
    isParked: (topic, key) => parked.size > 0 && parked.has(placeOf(topic, key)),
  };
}

/** Topics hold no blank, so topic and key cannot run into each other. */
function placeOf(topic: string, key: string): string {
  return `${topic} ${key}`;
}

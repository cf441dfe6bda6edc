import { sql, type Database } from '@tom/postgres';
import type { IncomingMessage } from '../broker.ts';
import type { Partition } from './topics.ts';

/** Where to read on in one partition. */
export interface Place {
  readonly partition: Partition;
  readonly offset: number;
}

interface Row {
  readonly partition_id: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: unknown;
  readonly value: string;
  readonly appended_at: Date;
}

/** One statement for all partitions: an index range of each. Exported for the test of its plan. */
export const fetchMessages = sql(
  'log.fetch',
  `select m.partition_id, m."offset", m.key, m.headers, m.value, m.appended_at
   from unnest($1::int[], $2::bigint[]) with ordinality as place (partition_id, from_offset, n)
   cross join lateral (
     select * from log_message
     where partition_id = place.partition_id and "offset" >= place.from_offset
     order by "offset" limit $3) as m
   limit $3`,
);

/** Whoever wrote to the log by hand may have written anything: texts become of it, and the envelope's check refuses them. */
function headersOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [name, typeof held === 'string' ? held : (JSON.stringify(held) ?? '')]),
  );
}

/** At most `limit` messages, in order within each partition; partitions given first come first. */
export async function fetchFrom(
  database: Database,
  places: readonly Place[],
  limit: number,
): Promise<{ id: number; message: IncomingMessage }[]> {
  const rows = await database.query<Row>(fetchMessages, [
    places.map((place) => place.partition.id),
    places.map((place) => place.offset),
    limit,
  ]);
  const byId = new Map(places.map((place) => [place.partition.id, place.partition]));
  return rows.map((row) => {
    const partition = byId.get(row.partition_id) as Partition;
    return {
      id: row.partition_id,
      message: {
        topic: partition.topic,
        partition: partition.partition,
        offset: String(row.offset),
        key: row.key,
        headers: headersOf(row.headers),
        value: row.value,
        appendedAt: row.appended_at,
      },
    };
  });
}

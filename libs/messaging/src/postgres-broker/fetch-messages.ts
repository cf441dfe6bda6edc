import type { Database } from '@tom/postgres';
import type { IncomingMessage } from '../broker.ts';
import { poll } from './statements.ts';

/** A partition and the next offset to read of it. */
export interface Place {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

interface Row {
  readonly id: number;
  readonly offset: number;
  readonly appendedAt: Date;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly value: string;
}

/** What is there at these places, `max` at most, in one round trip; in order within each partition. */
export async function fetchMessages(database: Database, places: readonly Place[], max: number): Promise<IncomingMessage[]> {
  const byId = new Map(places.map((place) => [place.id, place]));
  const rows = await database.query<Row>(poll, [places.map(({ id }) => id), places.map(({ next }) => next), max, max]);
  return rows.flatMap(({ id, offset, ...row }) => {
    const place = byId.get(id);
    return place ? [{ topic: place.topic, partition: place.partition, offset: String(offset), ...row }] : [];
  });
}

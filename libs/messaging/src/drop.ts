import { sql, type Database } from '@tom/postgres';
import type { DeadLetterReason } from './dead-letters.ts';

/** What remains of a dead letter that somebody gave up: where it was, who dropped it and why; not its content. */
export interface Drop {
  readonly id: number;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly messageId: string | null;
  readonly subject: string | null;
  readonly type: string | null;
  readonly reason: DeadLetterReason;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly droppedAt: Date;
  readonly droppedBy: string;
  readonly why: string;
}

const COLUMNS = `id, consumer as "group", topic, "partition", "offset", key, message_id as "messageId", subject, type,
  reason, attempts, created_at as "createdAt", dropped_at as "droppedAt", dropped_by as "droppedBy", why`;

const lineOf = sql('drop.line', 'select topic, key from dead_letter where consumer = $1 and id = $2');
const lockLine = sql(
  'drop.lock',
  'select 1 from parked_key where consumer = $1 and topic = $2 and key = $3 for update',
);
const front = sql(
  'drop.front',
  'select id from dead_letter where consumer = $1 and topic = $2 and key = $3 order by id limit 2',
);
const move = sql(
  'drop.move',
  `with dropped as (delete from dead_letter where consumer = $1 and id = $2 returning *)
   insert into dead_letter_drop (id, consumer, topic, "partition", "offset", key, message_id, subject, type, reason,
     attempts, created_at, content, dropped_at, dropped_by, why)
   select id, consumer, topic, "partition", "offset", key, message_id, subject, type, reason, attempts, created_at,
     content, $3, $4, $5 from dropped returning ${COLUMNS}`,
);
const goOn = sql(
  'drop.go_on',
  'update parked_key set redrive_requested = true where consumer = $1 and topic = $2 and key = $3',
);
const unpark = sql('drop.unpark', 'delete from parked_key where consumer = $1 and topic = $2 and key = $3');
const list = sql(
  'drop.list',
  `select ${COLUMNS} from dead_letter_drop where consumer = $1 order by dropped_at desc, id desc limit $2`,
);

/**
 * Gives a dead letter up: it is never handled. Who and why are kept. When it stood first in the line of its key, the
 * rest of the line is handled next, by the group's running consumer. Undefined when there is no such dead letter.
 */
export async function drop(request: {
  readonly database: Database;
  readonly group: string;
  readonly id: number;
  readonly by: string;
  readonly why: string;
  readonly now: Date;
}): Promise<Drop | undefined> {
  const { database, group, id, by, why, now } = request;
  return database.transaction(async (tx) => {
    const [line] = await tx.query<{ topic: string; key: string }>(lineOf, [group, id]);
    if (!line) return undefined;
    const place = [group, line.topic, line.key];
    // Arrivals and redrive lock the same row: neither takes this message, or joins the line, in between.
    await tx.query(lockLine, place);
    const [first, second] = await tx.query<{ id: number }>(front, place);
    const [dropped] = await tx.query<Drop>(move, [group, id, now, by, why]);
    if (!dropped) return undefined;
    if (first?.id === id) await tx.query(second ? goOn : unpark, place);
    return dropped;
  });
}

/** What was dropped of a consumer group, the last first; `limit` defaults to 100. */
export function drops(request: {
  readonly database: Database;
  readonly group: string;
  readonly limit?: number;
}): Promise<Drop[]> {
  return request.database.query<Drop>(list, [request.group, request.limit ?? 100]);
}

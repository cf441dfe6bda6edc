import { sql, type Database, type Tx } from '@tom/postgres';
import type { IncomingMessage } from './broker.ts';
import type { Envelope } from './envelope.ts';
import { requireRoom, type ParkedLimits } from './parked-limits.ts';

/** Where the copies of a group's dead letters go, for outsiders to see. */
export function deadLetterTopic(topic: string, group: string): string {
  return `${topic}.${group}.dlq`;
}

/**
 * Why a message lies here: it can never work, it is too old to be handled blindly, it was kept for longer than it may
 * wait (`expired`), or it waits behind such a one.
 */
export type DeadLetterReason = 'undecodable' | 'refused' | 'failed' | 'too_old' | 'too_deep' | 'expired' | 'parked';

/**
 * Thrown by a handler for a message that can be read but not carried out, now or at a further attempt: it goes to the
 * dead letters at once, with this message as its error. Not for a refusal by the rules that is answered by an event.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** A message that was not handled, as it arrived. */
export interface DeadLetter {
  readonly id: number;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly messageId: string | null;
  readonly subject: string | null;
  readonly type: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
  readonly reason: DeadLetterReason;
  readonly error: string;
  readonly attempts: number;
  readonly createdAt: Date;
}

/** Which line of dead letters is meant: that of a key, or the one in which the dead letter with this id stands. */
export type RedriveRequest = { readonly database: Database; readonly group: string } & (
  { readonly key: string; readonly id?: never } | { readonly id: number; readonly key?: never }
);

const COLUMNS = `id, consumer as "group", topic, "partition", "offset", key, message_id as "messageId", subject, type,
  headers, value, reason, error, attempts, created_at as "createdAt"`;

/** Exported for the test of its plan. */
export const listLetters = sql(
  'dead_letter.list',
  `select ${COLUMNS} from dead_letter where consumer = $1 and id <> all ($2::bigint[]) order by id limit $3`,
);
const one = sql('dead_letter.one', `select ${COLUMNS} from dead_letter where consumer = $1 and id = $2`);
const heldKeys = sql(
  'parked_key.list',
  `select topic, key, parked_at as "parkedAt", redrive_requested as "redriveRequested" from parked_key
   where consumer = $1 order by parked_at, topic, key limit $2`,
);
const requestByKey = sql(
  'parked_key.request_by_key',
  'update parked_key set redrive_requested = true where consumer = $1 and key = $2 returning key',
);
const requestById = sql(
  'parked_key.request_by_id',
  `update parked_key as p set redrive_requested = true from dead_letter as d
   where d.id = $2 and d.consumer = $1 and p.consumer = d.consumer and p.topic = d.topic and p.key = d.key
   returning p.key`,
);
const insert = sql(
  'dead_letter.insert',
  `insert into dead_letter (consumer, topic, "partition", "offset", key, message_id, subject, type, headers, value,
     reason, error, attempts, created_at, message_time)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, $14, $15)
   on conflict do nothing returning id`,
);
const park = sql(
  'parked_key.insert',
  `insert into parked_key (consumer, topic, key, parked_at) values ($1, $2, $3, $4) on conflict do nothing`,
);
const droppedHere = sql(
  'drop.at',
  `select 1 from dead_letter_drop where consumer = $1 and topic = $2 and "partition" = $3 and "offset" = $4
     and content = letter_content($5, $6::jsonb, $7)`,
);
const claimOne = sql(
  'inbox.claim_one',
  `insert into inbox (consumer, message_id, message_time) values ($1, $2, $3)
   on conflict do nothing returning message_id`,
);

/**
 * A page of a consumer group's dead letters, oldest first, without those already `seen`. Paged by existence and not by
 * the last id: one that commits late has a lower id than those shown before it, and would never be shown.
 */
export function deadLetters(request: {
  readonly database: Database;
  readonly group: string;
  readonly seen?: readonly number[];
  readonly limit?: number;
}): Promise<DeadLetter[]> {
  return request.database.query(listLetters, [request.group, request.seen ?? [], request.limit ?? 100]);
}

/** Every dead letter of a group, page by page, until nothing is left that was not shown. */
export async function* allDeadLetters(request: {
  readonly database: Database;
  readonly group: string;
  readonly pageSize?: number;
}): AsyncGenerator<DeadLetter> {
  const { database, group, pageSize: limit = 500 } = request;
  const seen: number[] = [];
  for (;;) {
    const page = await deadLetters({ database, group, seen, limit });
    yield* page;
    if (page.length === 0) return;
    seen.push(...page.map(({ id }) => id));
  }
}

/** One dead letter of a group, or undefined. */
export async function deadLetter(request: {
  readonly database: Database;
  readonly group: string;
  readonly id: number;
}): Promise<DeadLetter | undefined> {
  const [found] = await request.database.query<DeadLetter>(one, [request.group, request.id]);
  return found;
}

/** A key whose messages wait behind a dead letter. */
export interface ParkedKey {
  readonly topic: string;
  readonly key: string;
  readonly parkedAt: Date;
  readonly redriveRequested: boolean;
}

/** The parked keys of a group, those first that wait longest; `limit` defaults to 1,000. */
export function parkedKeys(request: {
  readonly database: Database;
  readonly group: string;
  readonly limit?: number;
}): Promise<ParkedKey[]> {
  return request.database.query(heldKeys, [request.group, request.limit ?? 1_000]);
}

/**
 * Asks the group's running consumer to handle a key's dead letters again, in their order, within seconds; it stops at
 * the first that still fails. Answers how many keys are meant.
 */
export async function redrive(request: RedriveRequest): Promise<number> {
  const rows =
    request.key === undefined
      ? await request.database.query(requestById, [request.group, request.id])
      : await request.database.query(requestByKey, [request.group, request.key]);
  return rows.length;
}

/** What is known of a message that cannot be handled; `envelope` is absent when its headers could not be read. */
export interface Burial {
  readonly group: string;
  readonly message: IncomingMessage;
  readonly envelope: Omit<Envelope, 'data'> | undefined;
  readonly reason: DeadLetterReason;
  readonly error: string;
  readonly attempts: number;
  readonly now: Date;
  readonly limits: ParkedLimits;
}

/** Postgres' text and jsonb hold no NUL; everything else is kept as it arrived. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
}

function storableHeaders({ headers }: IncomingMessage): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [storable(name), storable(value)])),
  );
}

/** A message behind a parked key joins the line; its inbox row is claimed already. */
export async function insertDeadLetter(tx: Tx, burial: Omit<Burial, 'limits'>): Promise<boolean> {
  const { group, message, envelope, reason, attempts, now } = burial;
  const inserted = await tx.query(insert, [
    group,
    message.topic,
    message.partition,
    message.offset,
    storable(message.key),
    envelope?.id ?? null,
    envelope?.subject ?? null,
    envelope?.type ?? message.headers['ce_type']?.slice(0, 500) ?? null,
    storableHeaders(message),
    storable(message.value),
    reason,
    storable(burial.error).slice(0, 4_000),
    attempts,
    now,
    envelope?.time ?? null,
  ]);
  return inserted.length > 0;
}

/**
 * Puts a message among the dead letters and parks its key. Answers false when the message was handled, buried or dropped
 * before; a NoRoomError beyond the limits.
 */
export async function bury(tx: Tx, burial: Burial): Promise<boolean> {
  const { group, message, envelope } = burial;
  if (envelope) {
    const claimed = await tx.query(claimOne, [group, envelope.id, envelope.time]);
    if (claimed.length === 0) return false;
  } else {
    // No inbox row tells of a message without an id: one that was dropped must not come back with a replay.
    const { topic, partition, offset, key, value } = message;
    const place = [group, topic, partition, offset];
    const content = [storable(key), storableHeaders(message), storable(value)];
    if ((await tx.query(droppedHere, [...place, ...content])).length > 0) return false;
  }
  const buried = await layDown(tx, burial);
  if (buried) await requireRoom(tx, group, burial.limits);
  return buried;
}

/** A message that a handler took and kept for later, with what it knows of it. */
export type KeptMessage = Pick<Burial, 'message' | 'envelope'>;

/**
 * Puts kept messages of one key, in their order, among the dead letters: the first for this reason, the others parked
 * behind it. A redrive brings them to their handler again.
 */
export async function buryKept(
  tx: Tx,
  line: {
    readonly group: string;
    readonly kept: readonly KeptMessage[];
    readonly reason: DeadLetterReason;
    readonly error: string;
    readonly now: Date;
  },
): Promise<void> {
  const { group, reason, error, now } = line;
  const [first, ...others] = line.kept;
  if (!first) return;
  await layDown(tx, { ...first, group, reason, error, attempts: 1, now });
  const behind = 'an earlier message of this key lies among the dead letters';
  for (const other of others) {
    await insertDeadLetter(tx, { ...other, group, reason: 'parked', error: behind, attempts: 0, now });
  }
}

const forgetLine = sql('dead_letter.forget_line', 'delete from dead_letter where topic = $1 and key = $2');
const forgetParking = sql('parked_key.forget', 'delete from parked_key where topic = $1 and key = $2');

/** Removes every trace of a key's line of dead letters, for what must not be kept any longer. */
export async function forgetDeadLetters(tx: Tx, topic: string, key: string): Promise<void> {
  await tx.query(forgetParking, [topic, storable(key)]);
  await tx.query(forgetLine, [topic, storable(key)]);
}

async function layDown(tx: Tx, burial: Omit<Burial, 'limits'>): Promise<boolean> {
  const { group, message, now } = burial;
  await tx.query(park, [group, message.topic, storable(message.key), now]);
  return insertDeadLetter(tx, burial);
}

import type { Outbox, OutboxRow } from '@tom/messaging';
import { DomainError } from '@tom/kernel';
import { groupCommit, isUniqueViolation, sql, type Database } from '@tom/postgres';
import type { StoredActivity } from '../domain/activity.ts';
import { activityColumns, activityRecord, recordOf } from './activity-table.ts';
import type { Entry } from './entries/entry.ts';
import { entryColumns, entryRecord } from './timeline-table.ts';

/** The key under which an activity is logged once. */
export interface LogKey {
  readonly actor: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** One activity with everything that is written with it; `answer` is kept for a repetition. */
export interface LogItem {
  readonly stored: StoredActivity;
  readonly entry: Entry;
  readonly messages: readonly OutboxRow[];
  readonly answer: unknown;
  readonly key?: LogKey | undefined;
}

/** Written now, or the answer of the one that was written under the same key before. */
export type Logged = { readonly replayed: false } | { readonly replayed: true; readonly answer: unknown };

const earlierAnswers = sql(
  'activity_log.earlier_answers',
  `select d.body_hash, d.answer from json_to_recordset($1::json) as q(item int, actor text, route text, key text)
   left join idempotency as d on d.actor = q.actor and d.route = q.route and d.key = q.key order by q.item`,
);

/**
 * Up to 200 activities with their timeline entries, keys, history and outbox rows in one statement. A key that another
 * transaction holds is waited for on its unique index and then leaves its item out of `fresh`, so nothing of it is
 * written. Measured against one transaction per activity: a third of the CPU at 16 connections.
 */
export function createActivityLog(database: Database, outbox: Outbox): (item: LogItem) => Promise<Logged> {
  const write = sql(
    'activity_log.write',
    `with input as materialized (
       select * from json_to_recordset($1::json) as i(item int, actor_of_key text, route text, key text, body_hash text,
         answer jsonb, ${activityRecord})
     ), claimed as (
       insert into idempotency (actor, route, key, body_hash, answer, created_at)
       select actor_of_key, route, key, body_hash, answer, now() from input where key is not null
       order by actor_of_key, route, key
       on conflict (actor, route, key) do update
         set body_hash = excluded.body_hash, answer = excluded.answer, created_at = excluded.created_at
         where idempotency.created_at < now() - interval '24 hours'
       returning actor, route, key
     ), fresh as materialized (
       select item from input as i where key is null
         or exists (select from claimed as c where c.actor = i.actor_of_key and c.route = i.route and c.key = i.key)
     ), activity_insert as (
       insert into activity (${activityColumns}) select ${activityColumns} from input where item in (select item from fresh)
     ), entry_insert as (
       insert into timeline_entry (${entryColumns})
       select ${entryColumns} from json_to_recordset($2::json) as e(item int, ${entryRecord})
       where item in (select item from fresh)
     ), ${outbox.cte('$3', 'r.item in (select item from fresh)')}
     select item from fresh`,
  );

  async function execute(items: LogItem[]): Promise<(Logged | Error)[]> {
    // A key twice in one statement: the second is answered like any other repetition.
    const keys = new Set<string>();
    const first = items.map(({ key }) => {
      if (!key) return true;
      const name = JSON.stringify([key.actor, key.route, key.key]);
      return !keys.has(name) && keys.add(name) !== undefined;
    });
    const sent = items.map((item, index) => ({ item, index })).filter(({ index }) => first[index]);
    const rows = await database.query<{ item: number }>(write, [
      JSON.stringify(sent.map(({ item, index }) => inputOf(item, index))),
      JSON.stringify(sent.map(({ item, index }) => ({ item: index, ...item.entry }))),
      JSON.stringify(sent.flatMap(({ item, index }) => item.messages.map((row) => ({ ...row, item: index })))),
    ]);
    outbox.wake();
    const fresh = new Set(rows.map((row) => row.item));
    const results: (Logged | Error)[] = items.map(() => ({ replayed: false }));
    const repeated = items.map((item, index) => ({ item, index })).filter(({ index }) => !fresh.has(index));
    if (repeated.length > 0) {
      const answers = await earlier(repeated.map(({ item }) => item.key));
      repeated.forEach(({ index }, at) => {
        results[index] = answers[at] as Logged | Error;
      });
    }
    return results;
  }

  async function earlier(keys: readonly (LogKey | undefined)[]): Promise<(Logged | Error)[]> {
    const asked = keys.map((key, item) => ({ item, actor: key?.actor, route: key?.route, key: key?.key }));
    const rows = await database.query<{ body_hash: string | null; answer: unknown }>(earlierAnswers, [
      JSON.stringify(asked),
    ]);
    return rows.map(({ body_hash, answer }, item) => {
      if (body_hash === null) return new DomainError('UNAVAILABLE', 'The key was just given up; try again.');
      return body_hash === keys[item]?.bodyHash ? { replayed: true, answer } : keyReused();
    });
  }

  /** All ids are fresh; one that is there already means that the connection was lost after a commit nobody heard of. */
  async function executeOne(item: LogItem): Promise<Logged> {
    try {
      const [result] = await execute([item]);
      if (result instanceof Error) throw result;
      return result ?? { replayed: false };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      outbox.wake();
      return { replayed: false };
    }
  }

  return groupCommit({ execute, executeOne });
}

export function keyReused(): DomainError {
  return new DomainError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request.');
}

function inputOf({ stored, key, answer }: LogItem, item: number) {
  const record = recordOf(stored);
  if (!key) return { item, ...record };
  return { item, actor_of_key: key.actor, route: key.route, key: key.key, body_hash: key.bodyHash, answer, ...record };
}

import { sql, type Database, type Tx } from '@tom/postgres';
import type { Entry } from './entries/entry.ts';

/** The columns of an entry with their types, for statements that insert from a JSON record set. */
export const entryRecord =
  `entry_id uuid, org_id uuid, kind text, at timestamptz, actor text, title_de text, title_en text,
  name text, detail text, source_type text, source_id text, case_id uuid, cause_event text, cause_template text,
  cause_version int, cause_rule text, group_id text`;

export const entryColumns = entryRecord.replace(/ (uuid|text|timestamptz|int)\b/g, '');

/** What an erased company's people wrote is not kept, also when it arrives after the erasure. */
const insert = sql(
  'timeline_entry.insert',
  `insert into timeline_entry (${entryColumns})
   select e.entry_id, e.org_id, kind, at, actor, title_de, title_en, case when k.erased then null else name end,
     case when k.erased then null else detail end, source_type, source_id, case_id, cause_event, cause_template,
     cause_version, cause_rule, group_id
   from json_to_recordset($1::json) as e(${entryRecord}) left join known_org as k on k.org_id = e.org_id
   on conflict (entry_id) do nothing`,
);

/** Makes entries what they should be; `added` is false for those that were there and differed. */
const restore = sql(
  'timeline_entry.restore',
  `with given as (
     select e.entry_id, e.org_id, kind, at, actor, title_de, title_en, case when k.erased then null else name end as name,
       case when k.erased then null else detail end as detail, source_type, source_id, case_id, cause_event,
       cause_template, cause_version, cause_rule, group_id
     from json_to_recordset($1::json) as e(${entryRecord}) left join known_org as k on k.org_id = e.org_id
   )
   insert into timeline_entry as t (${entryColumns}) select * from given
   on conflict (entry_id) do update set (${entryColumns}) = (select excluded.*)
     where t is distinct from excluded
   returning t.xmax = 0 as added`,
);
const idsOfOrg = sql('timeline_entry.ids_of_org', 'select entry_id from timeline_entry where org_id = $1');
const removeMany = sql(
  'timeline_entry.remove_many',
  'delete from timeline_entry where org_id = $1 and entry_id = any ($2::uuid[]) returning 1',
);

/** Who logged it and what caused that stay as they were. */
const update = sql(
  'timeline_entry.update',
  `update timeline_entry as t set at = e.at, title_de = e.title_de, title_en = e.title_en, name = e.name,
     detail = e.detail, case_id = e.case_id
   from json_to_recordset($1::json) as e(${entryRecord}) where t.entry_id = e.entry_id`,
);
const remove = sql('timeline_entry.remove', 'delete from timeline_entry where entry_id = $1');
const scrub = sql('timeline_entry.scrub', 'update timeline_entry set name = null, detail = null where org_id = $1');

/**
 * A page of each kind, merged: each is a range of one index, so the cost is that of seven pages however long the list is
 * and however rare a kind. Exported for the test of its plan.
 */
const pageOf = (name: string, owner: string) =>
  sql(
    name,
    `select t.* from unnest($2::text[]) as wanted(kind)
     cross join lateral (
       select * from timeline_entry as e
       where ${owner} and e.kind = wanted.kind and ($3::timestamptz is null or (e.at, e.entry_id) < ($3, $4::uuid))
       order by e.at desc, e.entry_id desc limit $5
     ) as t
     order by t.at desc, t.entry_id desc limit $5`,
  );
export const pageOfOrg = pageOf('timeline_entry.page_of_org', 'e.org_id = $1');
export const pageOfCase = pageOf('timeline_entry.page_of_case', 'e.case_id = $6 and e.org_id = $1');

export interface EntryRow {
  readonly entry_id: string;
  readonly org_id: string;
  readonly kind: string;
  readonly at: Date;
  readonly actor: string;
  readonly title_de: string;
  readonly title_en: string;
  readonly name: string | null;
  readonly detail: string | null;
  readonly source_type: string;
  readonly source_id: string;
  readonly case_id: string | null;
  readonly cause_event: string | null;
  readonly cause_template: string | null;
  readonly cause_version: number | null;
  readonly cause_rule: string | null;
  readonly group_id: string | null;
}

/** Adds entries; one that is there already stays as it is. */
export async function insertEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length > 0) await tx.query(insert, [JSON.stringify(entries)]);
}

export async function updateEntry(tx: Tx, entry: Entry): Promise<void> {
  await tx.query(update, [JSON.stringify([entry])]);
}

export async function removeEntry(tx: Tx, entryId: string): Promise<void> {
  await tx.query(remove, [entryId]);
}

/** Adds entries that are missing and corrects those that differ; answers how many of each. */
export async function restoreEntries(
  tx: Tx,
  entries: readonly Entry[],
): Promise<{ readonly added: number; readonly changed: number }> {
  if (entries.length === 0) return { added: 0, changed: 0 };
  const rows = await tx.query<{ added: boolean }>(restore, [JSON.stringify(entries)]);
  const added = rows.filter((row) => row.added).length;
  return { added, changed: rows.length - added };
}

export async function entryIdsOf(database: Database, orgId: string): Promise<string[]> {
  return (await database.query<{ entry_id: string }>(idsOfOrg, [orgId])).map((row) => row.entry_id);
}

export async function removeEntries(database: Database, orgId: string, entryIds: readonly string[]): Promise<number> {
  if (entryIds.length === 0) return 0;
  return (await database.query(removeMany, [orgId, entryIds])).length;
}

export async function scrubEntries(tx: Tx, orgId: string): Promise<void> {
  await tx.query(scrub, [orgId]);
}

export async function readTimeline(
  database: Database,
  question: {
    readonly orgId: string;
    readonly caseId: string | undefined;
    readonly kinds: readonly string[];
    readonly after: readonly [at: string, id: string] | undefined;
    readonly limit: number;
  },
): Promise<EntryRow[]> {
  const { orgId, caseId, kinds, after, limit } = question;
  const values = [orgId, kinds, after?.[0] ?? null, after?.[1] ?? null, limit];
  if (caseId === undefined) return database.query<EntryRow>(pageOfOrg, values);
  return database.query<EntryRow>(pageOfCase, [...values, caseId]);
}

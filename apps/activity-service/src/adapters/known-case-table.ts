import { sql, type Database, type Tx } from '@tom/postgres';

const RECORD = 'r(case_id uuid, org_id uuid, engine text, queue text, open boolean, revision int)';

const upsert = sql(
  'known_case.upsert',
  `insert into known_case as k (case_id, org_id, engine, queue, open, revision)
   select distinct on (case_id) case_id, org_id, engine, queue, open, revision
   from json_to_recordset($1::json) as ${RECORD} order by case_id, revision desc
   on conflict (case_id) do update set engine = excluded.engine, queue = excluded.queue, open = excluded.open,
     revision = excluded.revision
   where excluded.revision > k.revision`,
);

/** What the owner answered counts as revision 0: any event knows better. */
const remember = sql(
  'known_case.remember',
  `insert into known_case (case_id, org_id, engine, queue, open, revision)
   select case_id, org_id, engine, queue, open, revision from json_to_recordset($1::json) as ${RECORD}
   on conflict do nothing`,
);

export interface CaseSeen {
  readonly case_id: string;
  readonly org_id: string;
  readonly engine: string;
  readonly queue: string;
  readonly open: boolean;
  readonly revision: number;
}

/** The latest revision wins. */
export async function saveCases(tx: Tx, seen: readonly CaseSeen[]): Promise<void> {
  if (seen.length > 0) await tx.query(upsert, [JSON.stringify(seen)]);
}

export async function rememberCases(database: Database, seen: readonly CaseSeen[]): Promise<void> {
  if (seen.length > 0) await database.query(remember, [JSON.stringify(seen)]);
}

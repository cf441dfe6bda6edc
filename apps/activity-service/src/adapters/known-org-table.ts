import { sql, type Database, type Tx } from '@tom/postgres';

const upsert = sql(
  'known_org.upsert',
  `insert into known_org as k (org_id, current_stage, revision, changed_at)
   select distinct on (org_id) org_id, current_stage, revision, changed_at
   from json_to_recordset($1::json) as r(org_id uuid, current_stage text, revision int, changed_at timestamptz)
   order by org_id, revision desc
   on conflict (org_id) do update set current_stage = excluded.current_stage, revision = excluded.revision,
     changed_at = case when excluded.current_stage is distinct from k.current_stage then excluded.changed_at else k.changed_at end
   where excluded.revision > k.revision`,
);

/** Revision 0: any event knows better. */
const remember = sql(
  'known_org.remember',
  'insert into known_org (org_id, revision, changed_at) values ($1, 0, $2) on conflict do nothing',
);
const erase = sql(
  'known_org.erase',
  `insert into known_org (org_id, revision, changed_at, erased) values ($1, $2, $3, true)
   on conflict (org_id) do update set erased = true`,
);
const find = sql('known_org.find', 'select erased from known_org where org_id = $1');

/** A company as an event tells it; `changed_at` is when its stage was learnt to be another. */
export interface OrgSeen {
  readonly org_id: string;
  readonly current_stage: string;
  readonly revision: number;
  readonly changed_at: string;
}

/** The latest revision wins. */
export async function saveOrgs(tx: Tx, seen: readonly OrgSeen[]): Promise<void> {
  if (seen.length > 0) await tx.query(upsert, [JSON.stringify(seen)]);
}

/** Notes that the owner knows this company. */
export async function rememberOrg(database: Database, orgId: string, now: Date): Promise<void> {
  await database.query(remember, [orgId, now]);
}

export async function markErased(tx: Tx, orgId: string, revision: number, now: Date): Promise<void> {
  await tx.query(erase, [orgId, revision, now]);
}

/** What is known of the company; undefined: nothing. */
export async function findKnownOrg(runner: Tx | Database, orgId: string): Promise<{ readonly erased: boolean } | undefined> {
  const [row] = await runner.query<{ erased: boolean }>(find, [orgId]);
  return row;
}

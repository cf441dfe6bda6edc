import { ids } from '@tom/kernel';
import { sql, type Database, type Tx } from '@tom/postgres';

const upsert = sql(
  'known_org.upsert',
  `insert into known_org as k (org_id, current_stage, revision, changed_at, external_ref, external_ref_at)
   select distinct on (org_id) org_id, current_stage, revision, changed_at, external_ref,
     case when external_ref is not null then told_at end
   from json_to_recordset($1::json) as r(org_id uuid, current_stage text, revision int, changed_at timestamptz,
     external_ref text, told_at timestamptz)
   order by org_id, revision desc
   on conflict (org_id) do update set current_stage = excluded.current_stage, revision = excluded.revision,
     external_ref = case when k.erased then null else excluded.external_ref end,
     external_ref_at = case when excluded.external_ref is distinct from k.external_ref then excluded.external_ref_at
       else k.external_ref_at end,
     changed_at = case when excluded.current_stage is distinct from k.current_stage then excluded.changed_at else k.changed_at end
   where excluded.revision > k.revision`,
);

/** Revision 0: any event knows better. */
const remember = sql(
  'known_org.remember',
  'insert into known_org (org_id, revision, changed_at) values ($1, 0, $2) on conflict do nothing',
);
/** What its owner just said of a reference that no event told of: a company from before references were kept here. */
const rememberRef = sql(
  'known_org.remember_ref',
  `insert into known_org as k (org_id, revision, changed_at, external_ref, external_ref_at) values ($1, 0, $3, $2, $3)
   on conflict (org_id) do update set external_ref = excluded.external_ref, external_ref_at = excluded.external_ref_at
   where not k.erased`,
);
const refOf = sql('known_org.ref', 'select external_ref from known_org where org_id = $1');
const erase = sql(
  'known_org.erase',
  `insert into known_org (org_id, revision, changed_at, erased, erased_ref) values ($1, $2, $3, true, $4)
   on conflict (org_id) do update set erased = true, external_ref = null, external_ref_at = null,
     erased_ref = coalesce(excluded.erased_ref, known_org.erased_ref)`,
);
/** A living company before an erased one; one that was registered bears the reference in its id. */
const byRef = sql(
  'known_org.by_ref',
  `select org_id as "orgId", erased from (
     (select org_id, erased, 0 as rank from known_org where external_ref = $1 order by external_ref_at desc limit 1)
     union all (select org_id, erased, 1 from known_org where erased_ref = $2 limit 1)
     union all (select org_id, erased, 1 from known_org where org_id = $2 and erased)
   ) as found order by rank limit 1`,
);
const find = sql('known_org.find', 'select erased from known_org where org_id = $1');

/** A company as an event tells it; `changed_at` is when its stage was learnt to be another. */
export interface OrgSeen {
  readonly org_id: string;
  readonly current_stage: string;
  readonly revision: number;
  readonly changed_at: string;
  readonly external_ref: string | undefined;
  /** When the event happened. */
  readonly told_at: string;
}

/** The latest revision wins. */
export async function saveOrgs(tx: Tx, seen: readonly OrgSeen[]): Promise<void> {
  if (seen.length > 0) await tx.query(upsert, [JSON.stringify(seen)]);
}

/** Notes that the owner knows this company. */
export async function rememberOrg(database: Database, orgId: string, now: Date): Promise<void> {
  await database.query(remember, [orgId, now]);
}

export async function rememberOrgRef(database: Database, orgId: string, externalRef: string, now: Date): Promise<void> {
  await database.query(rememberRef, [orgId, externalRef, now]);
}

export async function externalRefOf(tx: Tx, orgId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ external_ref: string | null }>(refOf, [orgId]);
  return row?.external_ref ?? undefined;
}

/** Of the reference only an id stays, by which it is known again but not read. */
export async function markErased(
  tx: Tx,
  org: { readonly orgId: string; readonly externalRef: string | undefined; readonly revision: number },
  now: Date,
): Promise<void> {
  const erasedRef = org.externalRef === undefined ? null : ids.registeredOrg(org.externalRef);
  await tx.query(erase, [org.orgId, org.revision, now, erasedRef]);
}

/** The company with this external reference, or an erased one that had it. */
export async function findOrgByRef(
  runner: Tx | Database,
  externalRef: string,
): Promise<{ readonly orgId: string; readonly erased: boolean } | undefined> {
  const [row] = await runner.query<{ orgId: string; erased: boolean }>(byRef, [externalRef, ids.registeredOrg(externalRef)]);
  return row;
}

/** What is known of the company; undefined: nothing. */
export async function findKnownOrg(runner: Tx | Database, orgId: string): Promise<{ readonly erased: boolean } | undefined> {
  const [row] = await runner.query<{ erased: boolean }>(find, [orgId]);
  return row;
}

import { sql, type Database } from '@tom/postgres';

/** By the primary key; ids are no sequence, so a company that is created meanwhile is not missed by number but is new. */
const page = sql('org.ids', 'select org_id from org where ($1::uuid is null or org_id > $1) order by org_id limit $2');

/** The ids of companies in their order, those erased included. */
export async function listOrgIds(database: Database, after: string | undefined, limit: number): Promise<string[]> {
  const rows = await database.query<{ org_id: string }>(page, [after ?? null, limit]);
  return rows.map((row) => row.org_id);
}

import { sql, type Database, type Tx } from '@tom/postgres';

/** Added after removed (out of order): stays removed. */
const add = sql(
  'known_contact.add',
  `insert into known_contact (contact_id, org_id, removed)
   select distinct on (contact_id) contact_id, org_id, false
   from json_to_recordset($1::json) as r(contact_id uuid, org_id uuid) on conflict do nothing`,
);
const remove = sql(
  'known_contact.remove',
  `insert into known_contact (contact_id, org_id, removed)
   select distinct on (contact_id) contact_id, org_id, true
   from json_to_recordset($1::json) as r(contact_id uuid, org_id uuid)
   on conflict (contact_id) do update set removed = true`,
);

/** Whose contact it is; nothing about the person. */
export interface ContactSeen {
  readonly contact_id: string;
  readonly org_id: string;
}

export async function addContacts(runner: Tx | Database, seen: readonly ContactSeen[]): Promise<void> {
  if (seen.length > 0) await runner.query(add, [JSON.stringify(seen)]);
}

export async function removeContacts(tx: Tx, seen: readonly ContactSeen[]): Promise<void> {
  if (seen.length > 0) await tx.query(remove, [JSON.stringify(seen)]);
}

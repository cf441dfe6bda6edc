import type { Me, User } from '@tom/contracts/tom/task/v1/task_service';
import { sql, type Database, type Tx } from '@tom/postgres';

/** A person as a verified token says. */
export interface SeenPerson {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
}

interface PersonRow {
  user_id: string;
  name: string | null;
  roles: string[];
  settings: Record<string, string>;
}

const see = sql(
  'person.see',
  `insert into person (user_id, name, roles, seen_at) values ($1, $2, $3, $4)
   on conflict (user_id) do update set name = excluded.name, roles = excluded.roles, seen_at = excluded.seen_at
   returning user_id, name, roles, settings`,
);
const settle = sql(
  'person.settings',
  `update person set settings = (settings || $2::jsonb) - $3::text[] where user_id = $1
   returning user_id, name, roles, settings`,
);
const find = sql('person.find', 'select 1 from person where user_id = $1');
const list = sql(
  'person.list',
  `select user_id, name, roles from person where $1::text is null or $1 = any (roles)
   order by coalesce(name, user_id), user_id limit 1000`,
);

/** Writes down who it was that called; answers the person with settings. */
export async function seePerson(reader: Database | Tx, person: SeenPerson, at: Date): Promise<Me> {
  const [row] = await reader.query<PersonRow>(see, [person.id, person.name ?? null, person.roles, at]);
  return toMe(row, person);
}

/** An empty value clears its setting. */
export async function writeSettings(tx: Tx, person: SeenPerson, settings: Readonly<Record<string, string>>): Promise<Me> {
  const cleared = Object.keys(settings).filter((name) => settings[name] === '');
  const [row] = await tx.query<PersonRow>(settle, [person.id, JSON.stringify(settings), cleared]);
  return toMe(row, person);
}

/** Whether the person was ever seen in a verified token. */
export async function isKnownPerson(database: Database, userId: string): Promise<boolean> {
  return (await database.query(find, [userId])).length > 0;
}

export async function listPersons(database: Database, role: string | null): Promise<User[]> {
  const rows = await database.query<PersonRow>(list, [role]);
  return rows.map((row) => ({ id: row.user_id, name: row.name ?? undefined, roles: row.roles }));
}

function toMe(row: PersonRow | undefined, person: SeenPerson): Me {
  return { id: person.id, name: row?.name ?? undefined, roles: [...person.roles], settings: row?.settings ?? {} };
}

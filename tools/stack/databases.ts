import { Client } from 'pg';
import { databases } from './system.ts';

/**
 * Makes what is missing of the databases and their login roles. Each role owns its database and can enter no other, so
 * a service that reads another's tables fails at once.
 */
export async function makeDatabases(adminUrl: string, password: (role: string) => string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const there = await client.query<{ name: string }>(
      'select rolname as name from pg_roles union all select datname from pg_database',
    );
    const names = new Set(there.rows.map(({ name }) => name));
    for (const { database, role } of databases) {
      if (!names.has(role))
        await client.query(`create role ${role} login password ${client.escapeLiteral(password(role))}`);
      if (!names.has(database)) await client.query(`create database ${database} owner ${role}`);
      await client.query(`revoke connect on database ${database} from public`);
    }
  } finally {
    await client.end();
  }
}

/** Where a role finds its database. */
export function databaseUrl(port: number, role: string, password: string, database: string): string {
  return `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

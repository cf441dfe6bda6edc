import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { createDatabase, type Database } from './database.ts';
import { migrate, type Migration } from './migrate.ts';

/** A database of one test file; `drop` closes it and removes it from the server. */
export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (!url) throw new Error('TEST_POSTGRES_URL is not set: vitest.config.ts starts a Postgres and sets it');
  return url;
}

function urlOf(name: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.toString();
}

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl(), application_name: 'tests' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The template's name tells what is in it, so a changed migration gets a template of its own. */
function templateName(migrations: Readonly<Record<string, Migration>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(migrations).sort()) hash.update(`${name}\n${String(migrations[name]?.up)}\n`);
  return `tom_template_${hash.digest('hex').slice(0, 20)}`;
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select 1 from pg_database where datname = $1', [name]);
  return rows.length > 0;
}

/** Made once under a lock that parallel test files share; it gets its final name only when it is complete. */
async function ensureTemplate(client: pg.Client, migrations: Readonly<Record<string, Migration>>): Promise<string> {
  const name = templateName(migrations);
  if (await exists(client, name)) return name;
  await client.query('select pg_advisory_lock(hashtext($1))', [name]);
  try {
    if (await exists(client, name)) return name;
    const unfinished = `${name}_unfinished`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished}`);
    await migrate(urlOf(unfinished), { migrations });
    await retryWhileInUse(() => client.query(`alter database ${unfinished} rename to ${name}`));
    return name;
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [name]);
  }
}

/** The backend of a connection that was just closed lives a moment longer, and a template must have none. */
async function retryWhileInUse(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt >= 50 || (error as { code?: string }).code !== '55006') throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A fresh database with these migrations, cloned from a template (about 50 ms after the first of its kind). */
export async function createTestDatabase(options: {
  readonly migrations: Readonly<Record<string, Migration>>;
  readonly maxConnections?: number;
}): Promise<TestDatabase> {
  const name = `tom_test_${randomBytes(8).toString('hex')}`;
  await asAdmin(async (client) => {
    const template = await ensureTemplate(client, options.migrations);
    await retryWhileInUse(() => client.query(`create database ${name} template ${template}`));
  });
  const url = urlOf(name);
  const database = createDatabase({
    connectionString: url,
    applicationName: 'test',
    ...(options.maxConnections === undefined ? {} : { maxConnections: options.maxConnections }),
  });
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await asAdmin((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/**
 * Ends every other connection to the database of that URL, as a restart of the server does; answers how many there
 * were.
 */
export async function terminateConnections(url: string): Promise<number> {
  const name = new URL(url).pathname.slice(1);
  return asAdmin(async (client) => {
    const { rows } = await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [name],
    );
    return rows.length;
  });
}

export { createFaultProxy, type FaultProxy } from './testing-fault-proxy.ts';

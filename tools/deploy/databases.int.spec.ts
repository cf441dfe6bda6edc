import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTemporaryPostgres } from '../embedded-postgres/index.ts';
import { services } from '../stack/system.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the databases of a deployment', () => {
  // a server of its own: the script takes connect from everybody also on the common databases
  let postgres: Awaited<ReturnType<typeof startTemporaryPostgres>>;
  const place = mkdtempSync(join(tmpdir(), 'tom-databases-'));
  const secrets = join(place, 'secrets');
  const passwordOf = (role: string) => join(secrets, `${role}-password`);

  beforeAll(async () => {
    postgres = await startTemporaryPostgres();
    mkdirSync(secrets);
    for (const role of ['postgres', ...services.map((service) => service.role)])
      writeFileSync(passwordOf(role), `secret of ${role}'s`);
    mkdirSync(join(place, 'bin'));
    cpSync(join(root, 'deploy/postgres'), join(place, 'scripts'), { recursive: true });
    const psql = join(root, 'tools/deploy/testing/psql.ts');
    writeFileSync(join(place, 'bin/psql'), `#!/bin/sh\nexec "${process.execPath}" --import tsx "${psql}" "$@"\n`);
    chmodSync(join(place, 'bin/psql'), 0o755);
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(place, { recursive: true });
  });

  function run(): string {
    const { status, stdout, stderr } = spawnSync('sh', [join(place, 'scripts/databases.sh')], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: `${join(place, 'bin')}:${process.env.PATH}`, SECRETS_DIR: secrets, TEST_POSTGRES_URL: postgres.url() },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout;
  }

  async function enter(role: string, database: string, password = readFileSync(passwordOf(role), 'utf8')): Promise<string> {
    const given = new URL(postgres.url());
    const client = new Client({ host: given.hostname, port: Number(given.port), user: role, database, password });
    try {
      await client.connect();
      await client.query('create table if not exists proof (n int)');
      return 'owns';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  it('are those of the system, and a second run finds them', () => {
    const said = services.map(({ role, database }) => `${database} belongs to ${role}\n`).join('');
    expect(run()).toBe(said);
    expect(run()).toBe(said);
  });

  it('belong to one role each, which can enter no other', async () => {
    const databases = [...services.map(({ database }) => database), 'postgres', 'template1'];
    for (const { role, database: own } of services)
      for (const database of databases)
        expect([role, database, await enter(role, database)]).toEqual([role, database, database === own ? 'owns' : '42501']);
  });

  it('take a new password at the next run', async () => {
    writeFileSync(passwordOf('task_service'), 'another');
    expect(await enter('task_service', 'task_db')).toBe('28P01');
    run();
    expect(await enter('task_service', 'task_db')).toBe('owns');
  });
});

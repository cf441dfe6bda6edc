import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, startTemporaryPostgres, type Postgres } from './index.ts';

const password = 'a b/c?d';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tom-postgres-test-'));
  chmodSync(folder, 0o711);
  return folder;
}

async function query<Row>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function until(what: () => boolean): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (what()) return;
    await sleep(50);
  }
  throw new Error('It did not happen within 10 s.');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the embedded Postgres', () => {
  let folder: string;
  let server: Postgres;
  const dataDir = () => join(folder, 'postgres');
  const start = () => startPostgres({ dataDir: dataDir(), password });

  beforeAll(async () => {
    folder = makeFolder();
    server = await start();
    await query(server.url(), 'create table kept (word text)');
    await query(server.url(), "insert into kept values ('first')");
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('forces commits to the disk, sorts text the same everywhere and listens on this machine only', async () => {
    const [row] = await query(
      server.url(),
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
              current_setting('listen_addresses') as listens, datlocale as locale, datlocprovider as provider,
              pg_encoding_to_char(encoding) as encoding
         from pg_database where datname = 'postgres'`,
    );
    expect(row).toEqual({
      fsync: 'on',
      commit: 'on',
      listens: '127.0.0.1',
      locale: 'C.UTF-8',
      provider: 'b',
      encoding: 'UTF8',
    });
  });

  it('lets nobody in without the password', async () => {
    await expect(query(`postgres://postgres@127.0.0.1:${server.port}/postgres`, 'select 1')).rejects.toThrow(
      /password/,
    );
    await expect(query(`postgres://postgres:wrong@127.0.0.1:${server.port}/postgres`, 'select 1')).rejects.toThrow(
      /password/,
    );
  });

  it('keeps its data when it is stopped and when it is killed', async () => {
    await server.stop();
    server = await start();
    await query(server.url(), "insert into kept values ('second')");
    process.kill(server.pid, 'SIGKILL');
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL' });
    server = await start();
    expect(await query(server.url(), 'select word from kept order by word')).toEqual([
      { word: 'first' },
      { word: 'second' },
    ]);
  });

  it('stops the server that another start left on the folder', async () => {
    const orphan = server;
    server = await start();
    expect(isAlive(orphan.pid)).toBe(false);
    expect(await query(server.url(), "select count(*)::int as n from kept where word = 'first'")).toEqual([{ n: 1 }]);
  });

  it('is not held up by a lock file with the number of another program', async () => {
    await server.stop();
    writeFileSync(join(dataDir(), 'postmaster.pid'), `${process.pid}\n${dataDir()}\n`);
    server = await start();
    expect(isAlive(process.pid)).toBe(true);
    expect(await query(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says which port cannot be had', async () => {
    const other = makeFolder();
    await expect(
      startPostgres({ dataDir: join(other, 'postgres'), password, port: server.port, fast: true }),
    ).rejects.toThrow(/^Postgres does not start on .*(could not create any TCP\/IP sockets|Address already in use)/);
    rmSync(other, { recursive: true });
  });
});

describe('a data folder that cannot be used', () => {
  let folder: string;
  const dataDir = () => join(folder, 'postgres');
  const start = () => startPostgres({ dataDir: dataDir(), password, fast: true });
  const changed = (name: string, change: (file: string) => void) => {
    const file = join(dataDir(), name);
    const before = readFileSync(file);
    change(file);
    return () => writeFileSync(file, before);
  };

  beforeAll(async () => {
    folder = makeFolder();
    await (await start()).stop();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [
      'without PG_VERSION',
      'PG_VERSION',
      (file: string) => rmSync(file),
      /damaged: it is not empty and PG_VERSION is missing/,
    ],
    ['of another version', 'PG_VERSION', (file: string) => writeFileSync(file, '15\n'), /made by Postgres 15, not 18/],
    [
      'with garbage for a version',
      'PG_VERSION',
      (file: string) => writeFileSync(file, '\0\xffx'),
      /PG_VERSION holds no version/,
    ],
    [
      'with garbage inside',
      'global/pg_control',
      (file: string) => writeFileSync(file, Buffer.alloc(8192, 7)),
      /does not start on/,
    ],
  ])('is refused in one line, %s', async (_case, name, change, message) => {
    const restore = changed(name, change);
    const error: unknown = await start().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    restore();
    expect(error).toMatchObject({ name: 'PostgresError', message: expect.stringMatching(message) as string });
    expect((error as Error).message).not.toContain('\n');
    expect(existsSync(join(dataDir(), 'postmaster.pid'))).toBe(false);
  });

  it('is used again once it is repaired', async () => {
    const server = await start();
    expect(await query(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });
});

describe('a temporary Postgres', () => {
  it('leaves nothing behind when it is stopped', async () => {
    const server = await startTemporaryPostgres();
    const [row] = await query<{ dir: string; fsync: string }>(
      server.url(),
      "select current_setting('data_directory') as dir, current_setting('fsync') as fsync",
    );
    expect(row?.fsync).toBe('off');
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(row?.dir ?? '/')).toBe(false);
  });

  it('goes with its parent, also when that is killed', async () => {
    const code = `
      const { startTemporaryPostgres } = await import('./tools/embedded-postgres/index.ts');
      const { pid } = await startTemporaryPostgres();
      console.log(pid);`;
    const root = join(import.meta.dirname, '../..');
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const dataDir = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[2] ?? '';
    expect(existsSync(dataDir)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid) && !existsSync(dataDir));
  });
});

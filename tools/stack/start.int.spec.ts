import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../embedded-postgres/index.ts';
import { lockFolder } from './lock.ts';

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function start(environment: Record<string, string>): Promise<Outcome> {
  const args = ['--conditions=@tom/source', '--import', 'tsx', join(import.meta.dirname, 'start.ts')];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output, errors };
}

describe('a start that cannot be', () => {
  let parent: string;
  let dataDir: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'tom-start-'));
    chmodSync(parent, 0o711);
    dataDir = join(parent, 'data');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const oneLine = (message: RegExp) => expect.stringMatching(new RegExp(`^error: ${message.source}\\n$`)) as string;

  it('says what is wrong with a setting', async () => {
    expect(await start({ TOM_DATA_DIR: dataDir, PORT: 'eighty' })).toMatchObject({
      code: 1,
      errors: oneLine(/Bad setting: PORT is "eighty" but must be a number from 0 \(any free port\) to 65535\./),
    });
    expect(existsSync(dataDir)).toBe(false);
  });

  it('says what Kafka needs where it is not installed', async () => {
    expect(await start({ TOM_DATA_DIR: dataDir, PORT: '0', TOM_TRANSPORT: 'kafka', JAVA_HOME: parent })).toMatchObject({
      code: 1,
      errors: oneLine(/Kafka needs Java 17 or later.*, but there is no Java.*: install them \(Debian: apt-get install .*\)\./),
    });
    expect(readdirSync(dataDir)).not.toContain('postgres');
  });

  it('says that the port is in use', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    expect(await start({ TOM_DATA_DIR: dataDir, PORT: String(port) })).toMatchObject({
      code: 1,
      errors: oneLine(
        new RegExp(`Port ${port} cannot be used: another program listens on it\\. Set PORT to another one\\.`),
      ),
    });
    other.close();
    expect(readdirSync(dataDir)).not.toContain('lock');
  });

  it('says that another system runs on the folder', async () => {
    mkdirSync(dataDir);
    const release = lockFolder(dataDir);
    expect(await start({ TOM_DATA_DIR: dataDir, PORT: '0' })).toMatchObject({
      code: 1,
      errors: oneLine(new RegExp(`The data folder .* is in use by a running system \\(process ${process.pid}\\)\\.`)),
    });
    release();
  });

  it('says that the folder is damaged, and changes nothing in it', async () => {
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'passwords.json'), '{"postgres": "known"}');
    writeFileSync(join(dataDir, 'postgres/leftover'), 'x');
    expect(await start({ TOM_DATA_DIR: dataDir, PORT: '0' })).toMatchObject({
      code: 1,
      errors: oneLine(/The data folder .*postgres is damaged: it is not empty and PG_VERSION is missing\. .*/),
    });
    expect(readdirSync(join(dataDir, 'postgres'))).toEqual(['leftover']);
    expect(readdirSync(dataDir)).not.toContain('lock');
  });
});

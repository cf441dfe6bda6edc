import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDir, type DataDir } from './data-dir.ts';
import { makeKeys } from './keys.ts';

interface Jwk {
  readonly kid: string;
  readonly iss: string;
  readonly sub?: string;
  readonly d?: string;
}

describe('the keys of the system', () => {
  let folder: string;
  let dataDir: DataDir;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tom-keys-'));
    chmodSync(folder, 0o711);
    dataDir = openDataDir(join(folder, 'data'));
  });
  afterEach(() => {
    dataDir.release();
    rmSync(folder, { recursive: true });
  });
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Jwk;
  const trusted = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as { keys: Jwk[] }).keys;

  it('are one for people and one per app, of which the list shows the public halves', async () => {
    const keys = await makeKeys(dataDir, { demo: true });
    expect(trusted(keys.trustedKeysFile).map(({ iss, sub }) => [iss, sub])).toEqual([
      ['tom-demo', undefined],
      ...['stage-service', 'activity-service', 'task-service', 'workflow-service', 'gateway'].map((app) => [
        'tom-services',
        app,
      ]),
    ]);
    expect(trusted(keys.trustedKeysFile).filter(({ d }) => d !== undefined)).toEqual([]);
    const own = read(keys.serviceKeyFile('task-service'));
    expect(own.d).toBeTypeOf('string');
    expect(statSync(keys.serviceKeyFile('task-service')).mode & 0o077).toBe(0);
    expect(trusted(keys.trustedKeysFile)).toContainEqual({ ...own, d: undefined });
  });

  it('stay the same from start to start', async () => {
    const first = trusted((await makeKeys(dataDir, { demo: true })).trustedKeysFile);
    expect(trusted((await makeKeys(dataDir, { demo: true })).trustedKeysFile)).toEqual(first);
  });

  it('do not trust the demo key once people sign in elsewhere', async () => {
    await makeKeys(dataDir, { demo: true });
    const keys = await makeKeys(dataDir, { demo: false });
    expect(keys.demoKeyFile).toBeUndefined();
    expect(trusted(keys.trustedKeysFile).map(({ iss }) => iss)).not.toContain('tom-demo');
  });

  it('that are damaged are named, not shown', async () => {
    const { demoKeyFile = '' } = await makeKeys(dataDir, { demo: true });
    writeFileSync(demoKeyFile, 'secret garbage');
    const error: unknown = await makeKeys(dataDir, { demo: true }).catch((reason: unknown) => reason);
    expect((error as Error).message).toContain(`${demoKeyFile} holds no key`);
    expect((error as Error).message).not.toContain('secret garbage');
  });
});

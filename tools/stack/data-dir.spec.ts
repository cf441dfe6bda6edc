import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDir } from './data-dir.ts';

describe('the data folder', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = realpathSync(mkdtempSync(join(tmpdir(), 'tom-data-')));
    chmodSync(parent, 0o711);
    folder = join(parent, 'data');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('is made, with its parts below it', () => {
    const dataDir = openDataDir(folder);
    expect(dataDir).toMatchObject({
      path: folder,
      keys: join(folder, 'keys'),
      logs: join(folder, 'logs'),
      postgres: join(folder, 'postgres'),
    });
    expect(statSync(dataDir.keys).mode & 0o077).toBe(0);
    dataDir.release();
  });

  it('remembers its passwords, which nobody else can read', () => {
    const first = openDataDir(folder);
    const password = first.password('task_service');
    expect(password.length).toBeGreaterThan(20);
    expect(first.password('stage_service')).not.toBe(password);
    first.release();
    const second = openDataDir(folder);
    expect(second.password('task_service')).toBe(password);
    second.release();
    expect(statSync(join(folder, 'passwords.json')).mode & 0o077).toBe(0);
  });

  it('is held by one at a time', () => {
    const first = openDataDir(folder);
    expect(() => openDataDir(folder)).toThrow(/is in use by a running system/);
    first.release();
  });

  it.each([
    [
      'its passwords are gone',
      () => mkdirSync(join(folder, 'postgres')),
      /passwords\.json is missing while its databases exist/,
    ],
    [
      'its passwords are garbage',
      () => writeFileSync(join(folder, 'passwords.json'), '{"a": 1}'),
      /passwords\.json does not hold what it should/,
    ],
    [
      'its databases are gone',
      () => writeFileSync(join(folder, 'postgres.location'), '/nowhere/at-all'),
      /its databases are missing in \/nowhere\/at-all/,
    ],
  ])('is refused as damaged when %s, and can be opened again once repaired', (_case, damage, message) => {
    mkdirSync(folder);
    damage();
    expect(() => openDataDir(folder)).toThrow(message);
    rmSync(folder, { recursive: true });
    openDataDir(folder).release();
  });

  it('is refused when it is a file', () => {
    writeFileSync(folder, '');
    expect(() => openDataDir(folder)).toThrow(/^The data folder .* cannot be used: /);
  });
});

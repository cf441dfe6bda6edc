import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './lock.ts';
import { identify } from './process-identity.ts';

describe('the lock of a data folder', () => {
  let folder: string;
  const lock = () => join(folder, 'lock');
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tom-lock-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps a second one out until it is released', () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      `The data folder ${folder} is in use by a running system (process ${process.pid}).`,
    );
    release();
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    writeFileSync(lock(), JSON.stringify(identify(child.pid ?? 0)));
    expect(() => lockFolder(folder)).toThrow(/in use/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockFolder(folder)();
    expect(existsSync(lock())).toBe(false);
  });

  it('is taken over when its process number belongs to another process by now', () => {
    writeFileSync(lock(), JSON.stringify({ pid: process.pid, startedAt: 'long ago' }));
    lockFolder(folder)();
  });

  it('is taken over when it is damaged', () => {
    writeFileSync(lock(), 'garbage');
    lockFolder(folder)();
  });

  it('is not removed by the release of somebody who lost it', () => {
    const release = lockFolder(folder);
    writeFileSync(lock(), 'of another');
    release();
    expect(readFileSync(lock(), 'utf8')).toBe('of another');
  });
});

import { createServiceTokens, createTokenVerifier } from '@tom/runtime';
import { systemClock } from '@tom/kernel';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSecrets } from './make-secrets.ts';

describe('the secrets of a deployment', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'tom-secrets-'));
    folder = join(parent, 'secrets');
  });
  afterEach(() => rmSync(parent, { recursive: true }));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  it('lie in a folder that is closed to others, as files that a container can read whoever it runs as', async () => {
    const files = await makeSecrets(folder);
    expect(modeOf(folder)).toBe(0o700);
    expect(files.map((file) => modeOf(join(folder, file)))).toEqual(files.map(() => 0o444));
    expect(files).not.toContain('demo.jwk.json');
  });

  it('are a key that the others trust, a password for each role and the URL with it', async () => {
    await makeSecrets(folder, { postgres: 'db.internal:6432' });
    const tokens = createServiceTokens({
      keyFile: join(folder, 'stage-service.jwk.json'),
      service: 'stage-service',
      clock: systemClock,
    });
    const verifier = createTokenVerifier({ clock: systemClock, trustedKeysFile: join(folder, 'trusted.jwks.json') });
    expect(await verifier.verify(await tokens.token())).toMatchObject({ id: 'stage-service' });
    expect(read('task-service-database-url')).toBe(
      `postgres://task_service:${read('task_service-password')}@db.internal:6432/task_db`,
    );
    expect(read('postgres-password')).toHaveLength(32);
    expect(read('stage_service-password')).not.toBe(read('task_service-password'));
  });

  it('stay when it is run again; what was taken away is made anew, with what hangs on it', async () => {
    const files = await makeSecrets(folder);
    const before = files.map(read);
    await makeSecrets(folder);
    expect(files.map(read)).toEqual(before);

    rmSync(join(folder, 'task-service-database-url'));
    writeFileSync(join(folder, 'task-service-database-url'), `${before[files.indexOf('task-service-database-url')]}?sslmode=require`);
    await makeSecrets(folder);
    expect(read('task-service-database-url')).toMatch(/\?sslmode=require$/);

    rmSync(join(folder, 'task_service-password'));
    await makeSecrets(folder);
    expect(read('task-service-database-url')).toContain(read('task_service-password'));
    expect(read('stage-service-database-url')).toBe(before[files.indexOf('stage-service-database-url')]);
  });

  it('let demo users in when that is asked for', async () => {
    expect(await makeSecrets(folder, { demo: true })).toContain('demo.jwk.json');
    expect(read('trusted.jwks.json')).toContain('tom-demo');
    await makeSecrets(folder);
    expect(read('trusted.jwks.json')).not.toContain('tom-demo');
  });
});

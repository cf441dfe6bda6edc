import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeSigningKey } from '@tom/runtime';
import { freePort } from '../embedded-postgres/index.ts';
import type { Document } from './compare-schema.ts';

const root = resolve(import.meta.dirname, '../..');
const WITHIN_MS = 30_000;

/** The documents that the gateway of these sources serves; nothing else runs, for it describes itself alone. */
export async function servedDocuments(): Promise<{ readonly openapi: Document; readonly asyncapi: Document }> {
  const folder = mkdtempSync(join(tmpdir(), 'tom-released-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, ['--conditions=@tom/source', '--import', 'tsx', join(root, 'apps/gateway/src/main.ts')], {
    cwd: root,
    env: { ...process.env, ...environment(folder), PORT: new URL(url).port },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    await Promise.race([answering(url), exited.then(() => Promise.reject(new Error('The gateway did not start.')))]);
    const read = async (name: string) => (await (await fetch(`${url}/api/v1/${name}.json`)).json()) as Document;
    return { openapi: await read('openapi'), asyncapi: await read('asyncapi') };
  } finally {
    child.kill();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(folder: string): Record<string, string> {
  const { privateJwk, publicJwk } = makeSigningKey({ issuer: 'tom-demo' });
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
    return path;
  };
  const nowhere = '127.0.0.1:1';
  return {
    HOST: '127.0.0.1',
    CONFIG_DIR: join(root, 'config'),
    EVENT_LOG_URL: `postgres://${nowhere}/none`,
    STAGE_SERVICE_ADDRESS: nowhere,
    ACTIVITY_SERVICE_ADDRESS: nowhere,
    TASK_SERVICE_ADDRESS: nowhere,
    WORKFLOW_SERVICE_ADDRESS: nowhere,
    TRUSTED_KEYS_FILE: file('trusted.jwks.json', { keys: [publicJwk] }),
    DEMO_KEY_FILE: file('demo.jwk.json', privateJwk),
    OIDC_ISSUER: '',
  };
}

async function answering(url: string): Promise<void> {
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await sleep(50)) {
    const response = await fetch(`${url}/livez`).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`The gateway did not answer within ${WITHIN_MS / 1000} s.`);
}

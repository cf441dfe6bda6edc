import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivateKeyJwk } from '@tom/runtime';
import { damaged, writePrivately, type DataDir } from './data-dir.ts';
import { apps, type AppName } from './system.ts';

/** The files with which the processes prove who they are, and know each other. */
export interface Keys {
  /** The public keys of everybody whose tokens count. */
  readonly trustedKeysFile: string;
  /** What signs the demo users' tokens; absent when an issuer of the house signs people's. */
  readonly demoKeyFile?: string;
  serviceKeyFile(app: AppName): string;
}

/** A folder for keys, and the one that is named to people when something in it is wrong. */
type KeysPlace = Pick<DataDir, 'keys' | 'path'>;

/** Makes the keys that are missing and writes the list of the public ones. */
export async function makeKeys(dataDir: KeysPlace, options: { readonly demo: boolean }): Promise<Keys> {
  const demoKeyFile = join(dataDir.keys, 'demo.jwk.json');
  const serviceKeyFile = (app: AppName) => join(dataDir.keys, `${app}.jwk.json`);
  const privateKeys = await Promise.all([
    ...(options.demo ? [keyIn(demoKeyFile, dataDir)] : []),
    ...apps.map((app) => keyIn(serviceKeyFile(app), dataDir, app)),
  ]);
  const trustedKeysFile = join(dataDir.keys, 'trusted.jwks.json');
  writePrivately(trustedKeysFile, JSON.stringify({ keys: privateKeys.map(publicPart) }, null, 2));
  return { trustedKeysFile, serviceKeyFile, ...(options.demo ? { demoKeyFile } : {}) };
}

async function keyIn(file: string, dataDir: KeysPlace, service?: AppName): Promise<PrivateKeyJwk> {
  if (existsSync(file)) return readKey(file, dataDir);
  // loaded at the first start only: all of the runtime comes with it
  const { demoIssuer, makeSigningKey, serviceIssuer } = await import('@tom/runtime');
  const { privateJwk } = makeSigningKey(service ? { issuer: serviceIssuer, service } : { issuer: demoIssuer });
  writePrivately(file, JSON.stringify(privateJwk, null, 2));
  return privateJwk;
}

function readKey(file: string, dataDir: KeysPlace): PrivateKeyJwk {
  try {
    const key = JSON.parse(readFileSync(file, 'utf8')) as PrivateKeyJwk;
    if (typeof key.x === 'string' && typeof key.d === 'string' && typeof key.kid === 'string') return key;
  } catch {
    // said below, without quoting what may be a key
  }
  throw damaged(dataDir.path, `${file} holds no key`);
}

function publicPart({ d: _secret, ...rest }: PrivateKeyJwk): Omit<PrivateKeyJwk, 'd'> {
  return rest;
}

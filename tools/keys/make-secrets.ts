import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately } from '../stack/data-dir.ts';
import { makeKeys } from '../stack/keys.ts';
import { services } from '../stack/system.ts';

export interface SecretsOptions {
  /** host:port where the services find Postgres. */
  readonly postgres?: string;
  /** Whether demo users can sign in. */
  readonly demo?: boolean;
}

/**
 * Makes what is missing of the secrets of a deployment: a key for every process that signs tokens, the list of those
 * that count, a password for every database role, and the URLs made of them. What is there stays, so that it can be run
 * again for a new service; deleting a file and running it again replaces that one. Answers the names of all files.
 */
export async function makeSecrets(folder: string, options: SecretsOptions = {}): Promise<readonly string[]> {
  const { postgres, demo = false } = options;
  mkdirSync(folder, { recursive: true });
  // The folder keeps others out. A container gets single files of it, whoever it runs as: those it must be able to read.
  chmodSync(folder, 0o700);
  await makeKeys({ path: folder, keys: folder }, { demo });
  password(folder, 'postgres-password');
  for (const { app, role, database } of services) {
    const login = `postgres://${role}:${encodeURIComponent(password(folder, `${role}-password`))}@`;
    const file = join(folder, `${app}-database-url`);
    // one that somebody completed (sslmode, another host) stays as long as its password is still the role's
    const fits = existsSync(file) && readFileSync(file, 'utf8').startsWith(login);
    if (postgres !== undefined || !fits) writePrivately(file, `${login}${postgres ?? 'postgres:5432'}/${database}`);
  }
  const files = readdirSync(folder).sort();
  for (const file of files) chmodSync(join(folder, file), 0o444);
  return files;
}

function password(folder: string, name: string): string {
  const file = join(folder, name);
  if (!existsSync(file)) writePrivately(file, randomBytes(24).toString('base64url'));
  return readFileSync(file, 'utf8').trim();
}

import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { PostgresError } from './postgres-error.ts';

export interface DataFolder {
  readonly dataDir: string;
  readonly account: Account | undefined;
  readonly password: string;
  /** Whether a fresh folder is written through to the disk. */
  readonly sync: boolean;
}

/** Leaves the folder as one that the server can start on: a fresh one is made, a damaged one is refused. */
export async function prepareDataFolder(folder: DataFolder, binaries: Binaries): Promise<void> {
  const { dataDir } = folder;
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) return checkDataFolder(dataDir, binaries.major);
  await initialize(folder, binaries);
}

function checkDataFolder(dataDir: string, major: string): void {
  const advice = 'Restore it from a copy, or move it away to begin with an empty one.';
  const versionFile = join(dataDir, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    throw new PostgresError(
      `The data folder ${dataDir} is damaged: it is not empty and PG_VERSION is missing. ${advice}`,
    );
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version !== major) {
    const found = /^\d+$/.test(version)
      ? `made by Postgres ${version}, not ${major}`
      : 'damaged: PG_VERSION holds no version';
    throw new PostgresError(`The data folder ${dataDir} is ${found}. ${advice}`);
  }
  const me = process.getuid?.();
  if (me !== 0 && statSync(dataDir).uid !== me) {
    throw new PostgresError(`The data folder ${dataDir} belongs to another user: start as that user or as root.`);
  }
}

/** initdb works beside the final place, so that an interrupted one leaves nothing that looks like a data folder. */
async function initialize(folder: DataFolder, binaries: Binaries): Promise<void> {
  const { dataDir, account, password, sync } = folder;
  const draft = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(draft, { mode: 0o700 });
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account) {
      chownSync(draft, account.uid, account.gid);
      chownSync(passwordFile, account.uid, account.gid);
    }
    // prettier-ignore
    await run(binaries.initdb, [
      '-D', draft, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8',
      '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', ...(sync ? [] : ['--no-sync']),
    ], account);
    if (existsSync(dataDir)) rmSync(dataDir, { recursive: true });
    renameSync(draft, dataDir);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function run(program: string, args: readonly string[], account: Account | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const line = errors.split('\n').find((text) => /error|fatal|could not/i.test(text)) ?? `exit code ${code}`;
      reject(new PostgresError(`The data folder could not be made: ${line.trim()}`));
    });
  });
}

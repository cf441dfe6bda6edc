import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Message, Plugin } from 'esbuild';
import { StackError } from './stack-error.ts';
import { apps } from './system.ts';

const root = resolve(import.meta.dirname, '../..');
const dist = join(root, 'dist');

/** The bundle that a process runs. */
export function bundleOf(app: string): string {
  return join(dist, app, 'main.js');
}

/** What the last bundles were made of: a hash over the content of all these files. */
interface Made {
  readonly hash: string;
  readonly inputs: readonly string[];
}

const madeFile = join(dist, 'bundles.json');
/** They decide how a source is bundled without being one. */
const howFiles = ['package-lock.json', relative(root, import.meta.filename)];

/**
 * Bundles every app from its sources, unless they are what the present bundles were made of: our own packages inside,
 * those of npm outside (bundled, they lose the hooks of tracing). Throws a StackError with the place of the first error.
 */
export function bundleApps(): Promise<void> {
  underWay ??= bundle().finally(() => (underWay = undefined));
  return underWay;
}

let underWay: Promise<void> | undefined;

async function bundle(): Promise<void> {
  const made = readMade();
  if (made && apps.every((app) => existsSync(bundleOf(app))) && hashOf(made.inputs) === made.hash) return;
  const begun = Date.now();
  const { inputs, outputs } = await build();
  for (const { path, text } of outputs) replaceFile(path, text);
  const hash = hashOf(inputs);
  // a source that was written meanwhile may have been read before: then the next start bundles again
  const changed = inputs.some(
    (input) => (statSync(join(root, input), { throwIfNoEntry: false })?.mtimeMs ?? begun) >= begun,
  );
  if (hash !== undefined && !changed) replaceFile(madeFile, JSON.stringify({ hash, inputs } satisfies Made, null, 2));
}

async function build(): Promise<{ inputs: readonly string[]; outputs: readonly { path: string; text: string }[] }> {
  const missing = apps.find((app) => !existsSync(entryOf(app)));
  if (missing) throw new StackError(`${missing} cannot be built: ${entryOf(missing)} is missing.`);
  const esbuild = await import('esbuild');
  try {
    // one build for all: what they share is read once
    const { outputFiles, metafile } = await esbuild.build({
      absWorkingDir: root,
      entryPoints: apps.map((app) => ({ in: entryOf(app), out: `${app}/main` })),
      outdir: dist,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'linked',
      conditions: ['@tom/source'],
      plugins: [npmPackagesOutside],
      logLevel: 'silent',
    });
    return { inputs: [...howFiles, ...Object.keys(metafile.inputs)], outputs: outputFiles };
  } catch (error) {
    const first = (error as { errors?: Message[] }).errors?.[0];
    const place = first?.location ? `${first.location.file}:${first.location.line}:${first.location.column + 1}: ` : '';
    throw new StackError(`The apps cannot be built: ${place}${first?.text ?? (error as Error).message}`, {
      cause: error,
    });
  } finally {
    await esbuild.stop(); // it would keep a process for a next build
  }
}

function entryOf(app: string): string {
  return join(root, 'apps', app, 'src/main.ts');
}

function readMade(): Made | undefined {
  try {
    return JSON.parse(readFileSync(madeFile, 'utf8')) as Made;
  } catch {
    return undefined; // not there yet, or not to be trusted: then everything is bundled
  }
}

function hashOf(inputs: readonly string[]): string | undefined {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const file = join(root, input);
    if (!existsSync(file)) return undefined;
    const content = readFileSync(file);
    hash.update(`${input}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** In one step, and only when it differs: another system may be starting from the same bundle right now. */
function replaceFile(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

const npmPackagesOutside: Plugin = {
  name: 'npm-packages-outside',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@tom/')) return undefined;
      // a version that is installed below one workspace only would not be found from dist: that one goes inside
      return isNested(packageName(path), resolveDir) ? undefined : { path, external: true };
    });
  },
};

/** The package that an import names. */
export function packageName(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

function isNested(name: string, from: string): boolean {
  for (let folder = from; folder.startsWith(root) && folder !== root; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', name))) return true;
  }
  return false;
}

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build, type Message, type Plugin } from 'esbuild';
import { settleAll } from './settle-all.ts';
import { StackError } from './stack-error.ts';
import { apps } from './system.ts';

const root = resolve(import.meta.dirname, '../..');

/** The bundle that a process runs. */
export function bundleOf(app: string): string {
  return join(root, 'dist', app, 'main.js');
}

/**
 * Bundles every app from its sources: our own packages inside, those of npm outside (bundled, they lose the hooks of
 * tracing). Bundling all takes less time than finding out what has changed, so nothing is remembered.
 */
export async function bundleApps(): Promise<void> {
  await settleAll(apps.map(bundle));
}

async function bundle(app: string): Promise<void> {
  const entry = join(root, 'apps', app, 'src/main.ts');
  if (!existsSync(entry)) throw new StackError(`${app} has no ${entry}.`);
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      outfile: bundleOf(app),
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'linked',
      conditions: ['@tom/source'],
      plugins: [npmPackagesOutside],
      logLevel: 'silent',
    });
    for (const { path, text } of outputFiles) replaceFile(path, text);
  } catch (error) {
    const first = (error as { errors?: Message[] }).errors?.[0];
    const place = first?.location ? `${first.location.file}:${first.location.line}:${first.location.column + 1}: ` : '';
    throw new StackError(`${app} cannot be built: ${place}${first?.text ?? (error as Error).message}`, {
      cause: error,
    });
  }
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
    onResolve({ filter: /^[^./]/ }, ({ path, resolveDir }) => {
      if (path.startsWith('@tom/')) return undefined;
      // a version that is installed below one workspace only would not be found from dist: that one goes inside
      return isNested(packageName(path), resolveDir) ? undefined : { path, external: true };
    });
  },
};

function packageName(path: string): string {
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

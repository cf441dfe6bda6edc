import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { StackError } from '../stack/stack-error.ts';

const root = resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What one app needs from npm when it runs. */
export interface ProductionPackages {
  /** The packages that it and our own packages below it name, with the version that is installed. */
  readonly named: Readonly<Record<string, string>>;
  /** The folder of every package, those that packages need themselves included, as a path from the root. */
  readonly folders: readonly string[];
}

/**
 * Follows the dependencies of an app as they are declared and installed, not its imports: some packages are found at
 * run time only (the files of swagger-ui). Development dependencies are never looked at. Throws a StackError when one
 * is not installed.
 */
export function productionPackages(app: string): ProductionPackages {
  const named: Record<string, string> = {};
  const folders = new Set<string>();
  const seen = new Set<string>();
  const pending = [join(root, 'apps', app)];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    const manifest = readManifest(folder);
    for (const { name, optional } of dependenciesOf(manifest)) {
      if (name.startsWith('@tom/')) {
        pending.push(join(root, 'libs', name.slice('@tom/'.length)));
        continue;
      }
      if (name.startsWith('@types/')) continue; // some packages list the types of what they use as if they ran
      const found = installed(name, folder);
      if (found === undefined) {
        if (optional) continue;
        throw new StackError(`${manifest.name} needs ${name}, which is not installed; run "npm ci".`);
      }
      // below a workspace it is inside the bundle (see bundle.ts), but what it needs itself is not
      if (isShared(found)) folders.add(relative(root, found));
      if (!folder.includes('node_modules') && isShared(found)) named[name] = readManifest(found).version;
      pending.push(found);
    }
  }
  return { named: sorted(named), folders: [...folders].sort() };
}

function dependenciesOf(manifest: Manifest): readonly { name: string; optional: boolean }[] {
  const required = Object.keys(manifest.dependencies ?? {});
  // npm installs peers too; whether one is wanted is the business of whoever asks for it, so a missing one is no fault
  const perhaps = [...Object.keys(manifest.optionalDependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
  return [
    ...required.filter((name) => !perhaps.includes(name)).map((name) => ({ name, optional: false })),
    ...perhaps.map((name) => ({ name, optional: true })),
  ];
}

/** As Node looks for it: beside, then upwards. */
function installed(name: string, from: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
}

function isShared(folder: string): boolean {
  return relative(root, folder).startsWith('node_modules');
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

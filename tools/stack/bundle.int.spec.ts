import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleApps, bundleOf, packageName } from './bundle.ts';
import { apps } from './system.ts';

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');
const readManifest = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Manifest;

/** Every version that one of our packages asks for; they agree, for all are exact. */
const wanted: Record<string, string> = Object.assign(
  {},
  ...['apps', 'libs'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => readManifest(join(root, kind, name, 'package.json')).dependencies),
  ),
) as Record<string, string>;

function versionFrom(file: string, name: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'node_modules', name, 'package.json');
    if (existsSync(manifest)) return readManifest(manifest).version;
  }
  return 'not found';
}

describe('the bundles', () => {
  beforeAll(bundleApps);

  it.each(apps)(
    'of %s have our own packages inside, and outside of them each package in the version asked for',
    (app) => {
      const imported = [...readFileSync(bundleOf(app), 'utf8').matchAll(/^import .*from "([^".][^"]*)";$/gm)];
      const names = new Set(
        imported.map(([, name]) => packageName(name ?? '')).filter((name) => !name.startsWith('node:')),
      );
      expect(names.size).toBeGreaterThan(3);
      expect([...names].filter((name) => name.startsWith('@tom/'))).toEqual([]);
      const found = Object.fromEntries([...names].map((name) => [name, versionFrom(bundleOf(app), name)]));
      expect(wanted).toMatchObject(found);
    },
  );

  it('are left as they are while no source changes', async () => {
    const before = statSync(bundleOf('gateway')).mtimeMs;
    await bundleApps();
    expect(statSync(bundleOf('gateway')).mtimeMs).toBe(before);
  });
});

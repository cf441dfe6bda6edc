import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { bundleApps, bundleOf } from '../stack/bundle.ts';
import { bundleWeb } from '../stack/bundle-web.ts';
import type { AppName } from '../stack/system.ts';
import { productionPackages } from './production-packages.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where the package of an app lies when nothing else is said. */
export function packageOf(app: AppName): string {
  return join(root, 'dist/package', app);
}

/**
 * Makes a folder that runs with nothing but Node (`node main.js`): the bundle, the npm packages that it needs at run
 * time, the configuration, a health check, and with the gateway the UI. What was there before is gone. Throws a StackError for people.
 */
export async function packageApp(app: AppName, folder = packageOf(app)): Promise<string> {
  await bundleApps();
  const packages = productionPackages(app);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(bundleOf(app), join(folder, 'main.js'));
  writeFileSync(join(folder, 'main.js.map'), withoutSources(readFileSync(`${bundleOf(app)}.map`, 'utf8')));
  cpSync(join(root, 'deploy/healthcheck.js'), join(folder, 'healthcheck.js'));
  cpSync(join(root, 'config'), join(folder, 'config'), { recursive: true });
  if (app === 'gateway') cpSync(await bundleWeb(), join(folder, 'web'), { recursive: true });
  for (const path of packages.folders) copyPackage(join(root, path), join(folder, path));
  writeFileSync(join(folder, 'package.json'), manifest(app, packages.named));
  return folder;
}

/** The places in our files, for stack traces that say something; not the files themselves. */
function withoutSources(map: string): string {
  const { sourcesContent: _sources, ...rest } = JSON.parse(map) as Record<string, unknown>;
  return JSON.stringify(rest);
}

/** One package without those nested in it (they are copied by themselves, if they are needed) and what only a compiler reads. */
function copyPackage(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    dereference: true,
    filter: (source) => !/\.(?:[cm]?ts|map)$/.test(source) && !/(?:^|\/)node_modules(?:\/|$)/.test(relative(from, source)),
  });
}

function manifest(app: AppName, dependencies: Readonly<Record<string, string>>): string {
  const read = (path: string) =>
    JSON.parse(readFileSync(join(root, path), 'utf8')) as { version: string; license?: string; engines?: object };
  const { license, engines } = read('package.json');
  const { version } = read(join('apps', app, 'package.json'));
  // the type matters: main.js is an ES module
  const content = { name: app, version, private: true, license, type: 'module', main: 'main.js', engines, dependencies };
  return `${JSON.stringify(content, null, 2)}\n`;
}

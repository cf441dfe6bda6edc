import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConfigDefinition } from '@tom/runtime';
import type { AppName } from '../stack/system.ts';

const root = resolve(import.meta.dirname, '../..');

/** The settings of an app as its own config.ts declares them. */
export async function settingsOf(app: AppName): Promise<ConfigDefinition> {
  // by path, not by name: tools build the apps, they do not consist of them
  const module = (await import(pathToFileURL(join(root, 'apps', app, 'src/config.ts')).href)) as Record<string, unknown>;
  const definition = module['configDefinition'] as ConfigDefinition | undefined;
  if (definition?.entries === undefined) throw new Error(`apps/${app}/src/config.ts exports no configDefinition.`);
  return definition;
}

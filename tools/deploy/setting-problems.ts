import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '@tom/runtime';
import type { AppName } from '../stack/system.ts';
import { settingsOf } from './settings-of.ts';

/**
 * What is wrong with the environment that a manifest gives to an app, one line each: names that it does not read, and
 * whatever the app itself would refuse at its start. Files of secrets count as holding a value of the right kind.
 */
export async function settingProblems(
  app: AppName,
  environment: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const definition = await settingsOf(app);
  const entries = Object.values(definition.entries);
  const readable = new Set(entries.flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env])));
  const problems = Object.keys(environment)
    .filter((name) => !readable.has(name))
    .map((name) => `${name} is not read by ${app}`);

  const folder = mkdtempSync(join(tmpdir(), 'tom-settings-'));
  try {
    const given: Record<string, string> = { ...environment };
    for (const { env, secret } of entries) {
      if (!secret || given[`${env}_FILE`] === undefined) continue;
      given[`${env}_FILE`] = join(folder, env);
      writeFileSync(join(folder, env), env.endsWith('_URL') ? 'postgres://role:secret@host:5432/database' : 'a secret');
    }
    // Files of the deployment are not here; some settings look whether theirs is.
    for (const [name, value] of Object.entries(given)) {
      if (!value.startsWith('/run/secrets/')) continue;
      given[name] = join(folder, name);
      writeFileSync(given[name], 'a file');
    }
    loadConfig(definition, given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return problems;
}

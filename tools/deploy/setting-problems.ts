import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '@tom/runtime';
import { apps, type AppName } from '../stack/system.ts';
import { settingsOf } from './settings-of.ts';

/** Names of Kafka's settings, which the manifests use before every branch that reads them has come together. */
const kafka = [
  'KAFKA_BROKERS',
  'KAFKA_TLS',
  'KAFKA_TLS_CA_FILE',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD_FILE',
];

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
  const early = (await kafkaIsRead()) ? [] : kafka;
  const problems = Object.keys(environment)
    .filter((name) => !readable.has(name) && !early.includes(name))
    .map((name) => `${name} is not read by ${app}`);

  const folder = mkdtempSync(join(tmpdir(), 'tom-settings-'));
  try {
    const given: Record<string, string> = { ...environment };
    // until then the event log in Postgres is what must be given
    if (early.length > 0 && given['KAFKA_BROKERS']) given['EVENT_LOG_URL'] = 'postgres://log/event_log_db';
    for (const { env, secret } of entries) {
      if (!secret || given[`${env}_FILE`] === undefined) continue;
      given[`${env}_FILE`] = join(folder, env);
      writeFileSync(join(folder, env), env.endsWith('_URL') ? 'postgres://role:secret@host:5432/database' : 'a secret');
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

async function kafkaIsRead(): Promise<boolean> {
  const definitions = await Promise.all(apps.map(settingsOf));
  return definitions.some(({ entries }) => Object.values(entries).some(({ env }) => env === 'KAFKA_BROKERS'));
}

// Publishes samples of docs/samples (or other files of that form) to the event log of a system on this machine:
//   npm run sample -- docs/samples/register-org.json [--as-is]
// The log is found by EVENT_LOG_URL, or by the data folder of the system that `npm start` runs (TOM_DATA_DIR).
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createPostgresBroker } from '@tom/messaging';
import { databaseUrl } from '../stack/databases.ts';
import { eventLog } from '../stack/system.ts';
import { asItIs, asSentNow, readSample } from './samples.ts';

/** What `npm start` left in its folder: the password of the log, and the port that its Postgres listens on. */
function localLogUrl(folder: string): string {
  const pointer = join(folder, 'postgres.location');
  const place = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : folder;
  const lines = readFileSync(join(place, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  const passwords = JSON.parse(readFileSync(join(folder, 'passwords.json'), 'utf8')) as Record<string, string>;
  return databaseUrl(Number(lines[3]), eventLog.role, passwords[eventLog.role] ?? '', eventLog.database);
}

async function main(): Promise<void> {
  const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  if (files.length === 0) throw new Error('name the files to publish, such as docs/samples/register-org.json');
  const asIs = process.argv.includes('--as-is');
  const messages = files.map(readSample).map((sample) => (asIs ? asItIs(sample) : asSentNow(sample, new Date())));
  const folder = resolve(process.env['TOM_DATA_DIR'] || '.tom');
  const broker = createPostgresBroker({ connectionString: process.env['EVENT_LOG_URL'] || localLogUrl(folder) });
  try {
    await broker.publish(messages);
  } finally {
    await broker.close();
  }
  for (const { topic, key, headers } of messages) console.log(`${topic} ${key} ${headers['ce_type']} ${headers['ce_id']}`);
}

try {
  await main();
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately, type DataDir } from './data-dir.ts';
import { databaseUrl } from './databases.ts';
import { eventLog, services } from './system.ts';

/** In the data folder while a system runs on it: where its databases are, for the operator's tools. */
export const connectionsFile = 'connections.json';

/** Writes the file, readable by its owner alone, under the names that a deployed system sets; answers its removal. */
export function writeConnections(dataDir: DataDir, postgresPort: number, kafkaBrokers?: string): () => void {
  const urlOf = ({ role, database }: { role: string; database: string }) =>
    databaseUrl(postgresPort, role, dataDir.password(role), database);
  const urls = Object.fromEntries(
    services.map((service) => [`${service.app.replace('-service', '').toUpperCase()}_DATABASE_URL`, urlOf(service)]),
  );
  const file = join(dataDir.path, connectionsFile);
  const log = kafkaBrokers ? { KAFKA_BROKERS: kafkaBrokers } : { EVENT_LOG_URL: urlOf(eventLog) };
  writePrivately(file, `${JSON.stringify({ ...urls, ...log }, null, 2)}\n`);
  return () => rmSync(file, { force: true });
}

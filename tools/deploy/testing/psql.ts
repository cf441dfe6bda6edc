import { readFileSync } from 'node:fs';
import { Client } from 'pg';

/**
 * Stands in for psql, which is no npm package, as far as deploy/postgres uses it: \getenv, :'name' and \gexec. The server
 * and its superuser come from TEST_POSTGRES_URL.
 */
const file = process.argv[process.argv.indexOf('--file') + 1] ?? '';
const names: Record<string, string> = {};
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('--'));
for (const line of lines) {
  const [, name, variable] = /^\\getenv (\w+) (\w+)$/.exec(line) ?? [];
  if (name && variable) names[name] = process.env[variable] ?? '';
}
const statements = lines
  .filter((line) => !line.startsWith('\\getenv'))
  .join('\n')
  .split('\\gexec')
  .filter((text) => text.trim() !== '');

const client = new Client({ connectionString: process.env.TEST_POSTGRES_URL });
await client.connect();
try {
  for (const statement of statements) {
    const text = statement.replace(/:'(\w+)'/g, (_all, name: string) => client.escapeLiteral(names[name] ?? ''));
    const { rows } = await client.query<string[]>({ text, rowMode: 'array' });
    for (const made of rows.flat()) await client.query(made);
  }
} finally {
  await client.end();
}

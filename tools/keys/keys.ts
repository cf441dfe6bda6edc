import { parseArgs } from 'node:util';
import { StackError } from '../stack/stack-error.ts';
import { makeSecrets } from './make-secrets.ts';

const usage = `usage: npm run keys -- <folder> [--postgres host:port] [--demo]
  Makes the signing keys, database passwords and URLs of a deployment, as far as they are missing.
  --postgres  where the services find Postgres (postgres:5432)
  --demo      also a key for demo users; not for a system that people work with`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { postgres: { type: 'string' }, demo: { type: 'boolean' } },
  });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new StackError(usage);
  const files = await makeSecrets(folder, values);
  console.log(`${folder} holds ${files.join(', ')}`);
} catch (error) {
  const expected = error instanceof StackError || (error instanceof TypeError && 'code' in error);
  if (!expected) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
